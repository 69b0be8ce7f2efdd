using System.Globalization;

namespace OracleNode.Verification;

/// <summary>
/// The text file of <c>verify --batch --keys</c>: a line per signer, index and public key (<c>0 0x8f40...</c>); optional lines
/// <c>epoch N</c> and <c>threshold N</c> (1 when absent); <c>#</c> begins a comment.
/// </summary>
internal static class SignerKeysFile
{
    private const int MaxBytes = 64 * 1024;

    /// <exception cref="VerificationException">The file cannot be read or a line is wrong; the message names it and what would be right.</exception>
    public static SignerKeys Read(string path)
    {
        var text = System.Text.Encoding.UTF8.GetString(BatchFile.ReadBytes(path, MaxBytes));
        uint? epoch = null;
        byte? threshold = null;
        var keys = new Dictionary<byte, byte[]>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            if (words.Length != 2) throw Wrong($"'{Shown(line)}'", "two words: a signer index and its public key, or 'epoch' or 'threshold' and a number");
            switch (words[0])
            {
                case "epoch":
                    epoch = uint.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var e) && epoch is null ? e : throw Wrong($"epoch '{Shown(words[1])}'", "one number of 32 bits");
                    break;
                case "threshold":
                    threshold = byte.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var t) && t > 0 && threshold is null ? t : throw Wrong($"threshold '{Shown(words[1])}'", "one number from 1 to 255");
                    break;
                default:
                    if (!byte.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw Wrong($"signer index '{Shown(words[0])}'", "0 to 255");
                    var key = BatchFile.ReadHex(words[1]);
                    if (key?.Length != 32) throw Wrong($"public key '{Shown(words[1])}'", "32 bytes in hex, as 'keys new' prints them");
                    if (!keys.TryAdd(index, key)) throw Wrong($"signer index {index}", "named once");
                    break;
            }
        }

        if (keys.Count == 0) throw new VerificationException($"'{path}' names no signer: a line per signer is expected, index and public key, like '0 0x8f40...'.");
        return new SignerKeys($"the file {path}", epoch, threshold ?? 1, keys);

        VerificationException Wrong(string found, string right) => new($"'{path}' line {number}: {found}: expected {right}.");
    }

    private static string Shown(string text) => BatchFile.Printable(text, 80);
}
