using System.Collections;

namespace OracleNode.Updates;

/// <summary>
/// A batch's records, in pieces: a thousand of them in one array would lie on the large object heap, and every batch would bring the next full
/// collection nearer.
/// </summary>
internal sealed class RecordList : IReadOnlyList<FeedRecord>
{
    private const int PieceLength = 128;

    private readonly FeedRecord[][] _pieces;

    public RecordList(int count)
    {
        Count = count;
        _pieces = new FeedRecord[(count + PieceLength - 1) / PieceLength][];
        for (var piece = 0; piece < _pieces.Length; piece++) _pieces[piece] = new FeedRecord[int.Min(PieceLength, count - (piece * PieceLength))];
    }

    public int Count { get; }

    public FeedRecord this[int index]
    {
        get => _pieces[index / PieceLength][index % PieceLength];
        set => _pieces[index / PieceLength][index % PieceLength] = value;
    }

    public IEnumerator<FeedRecord> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
