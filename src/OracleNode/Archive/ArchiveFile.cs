using Microsoft.Data.Sqlite;
using NodaTime;
using OracleNode.Market;
using OracleNode.Updates;

namespace OracleNode.Archive;

/// <summary>The archive's SQLite file: one writer, any number of readers beside it (write-ahead log).</summary>
internal sealed class ArchiveFile : IDisposable
{
    private const int SchemaVersion = 1;

    private const string Schema = """
        CREATE TABLE batches (
          sequence INTEGER PRIMARY KEY, attested_ms INTEGER NOT NULL, deployment BLOB NOT NULL, epoch INTEGER NOT NULL,
          records_root BLOB NOT NULL, evidence_root BLOB NOT NULL, signer_index INTEGER NOT NULL, public_key BLOB NOT NULL, signature BLOB NOT NULL);
        CREATE TABLE records (
          sequence INTEGER NOT NULL, place INTEGER NOT NULL, feed BLOB NOT NULL, record BLOB NOT NULL, evidence BLOB NOT NULL,
          PRIMARY KEY (sequence, place)) WITHOUT ROWID;
        CREATE INDEX records_by_feed ON records (feed, sequence);
        CREATE TABLE settings (hash BLOB PRIMARY KEY, json BLOB NOT NULL);
        CREATE TABLE calendars (fingerprint BLOB PRIMARY KEY, version TEXT NOT NULL);
        """;

    private readonly SqliteConnection _connection;

    private ArchiveFile(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file for writing and makes it when it is not there.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is no database.</exception>
    /// <exception cref="InvalidDataException">It is an archive of another version.</exception>
    public static ArchiveFile OpenForWriting(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var archive = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            archive.Execute("PRAGMA auto_vacuum = INCREMENTAL");
            archive.Execute("PRAGMA journal_mode = WAL");
            archive.Execute("PRAGMA synchronous = NORMAL");
            if (archive.Number("PRAGMA user_version") == 0 && archive.Number("SELECT count(*) FROM sqlite_master") == 0)
            {
                using var transaction = archive._connection.BeginTransaction();
                archive.Execute(Schema, transaction);
                archive.Execute($"PRAGMA user_version = {SchemaVersion}", transaction);
                transaction.Commit();
            }

            archive.CheckVersion(path);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for reading; a node may write it meanwhile.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is no database.</exception>
    /// <exception cref="InvalidDataException">It is an archive of another version.</exception>
    public static ArchiveFile OpenForReading(string path)
    {
        var archive = Open(path, SqliteOpenMode.ReadOnly);
        try
        {
            archive.CheckVersion(path);
            return archive;
        }
        catch
        {
            archive.Dispose();
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>Keeps batches, all or none of them. One that is there already stays as it is.</summary>
    public void Write(IReadOnlyList<ArchivedBatch> batches)
    {
        using var transaction = _connection.BeginTransaction();
        using var batch = Command("INSERT OR IGNORE INTO batches VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8)", transaction, 9);
        using var record = Command("INSERT OR IGNORE INTO records VALUES ($0, $1, $2, $3, $4)", transaction, 5);
        foreach (var b in batches)
        {
            var sequence = checked((long)b.Header.Sequence);
            Run(batch, sequence, b.Header.AttestedAtUnixMillis, ToBytes(b.Header.Deployment), (long)b.Header.Epoch, ToBytes(b.Header.RecordsRoot), ToBytes(b.Header.EvidenceRoot), (long)b.SignerIndex, b.PublicKey, b.Signature);
            for (var i = 0; i < b.Records.Count; i++) Run(record, sequence, (long)i, b.Records[i].Feed.ToArray(), b.Records[i].Record, b.Records[i].Evidence);
        }

        transaction.Commit();
    }

    /// <summary>Keeps what the evidence commits to by hash: the configuration.</summary>
    public void WriteSettings(Hash32 hash, byte[] json)
    {
        using var command = Command("INSERT OR IGNORE INTO settings VALUES ($0, $1)", null, 2);
        Run(command, ToBytes(hash), json);
    }

    /// <summary>Keeps what the evidence commits to by hash: a calendar's version.</summary>
    public void WriteCalendar(ReadOnlySpan<byte> fingerprint, string version)
    {
        using var command = Command("INSERT OR IGNORE INTO calendars VALUES ($0, $1)", null, 2);
        Run(command, fingerprint.ToArray(), version);
    }

    /// <summary>Lets the oldest batches go, a bounded number at a time; never the newest.</summary>
    /// <returns>True when there may be more to let go.</returns>
    public bool Trim(Instant olderThan, long maxBytes)
    {
        const int AtOnceByAge = 500;
        const int AtOnceBySize = 50;
        var used = (Number("PRAGMA page_count") - Number("PRAGMA freelist_count")) * Number("PRAGMA page_size");
        var isTooLarge = used > maxBytes;
        using var transaction = _connection.BeginTransaction();
        using var last = Command(
            "SELECT max(sequence) FROM (SELECT sequence FROM batches WHERE sequence < $0 AND sequence < (SELECT max(sequence) FROM batches) ORDER BY sequence LIMIT $1)", transaction, 2);
        last.Parameters[0].Value = isTooLarge ? long.MaxValue : checked(olderThan.ToUnixTimeMilliseconds() * BatchSequence.Slots);
        last.Parameters[1].Value = isTooLarge ? AtOnceBySize : AtOnceByAge;
        if (last.ExecuteScalar() is not long upTo) return false;
        using var records = Command("DELETE FROM records WHERE sequence <= $0", transaction, 1);
        using var batches = Command("DELETE FROM batches WHERE sequence <= $0", transaction, 1);
        Run(records, upTo);
        Run(batches, upTo);
        transaction.Commit();
        Execute("PRAGMA incremental_vacuum");
        return true;
    }

    /// <summary>The newest batch with a feed at or before a sequence; null when there is none.</summary>
    public ulong? FindNewest(FeedId feed, ulong atMost)
    {
        using var command = Command("SELECT max(sequence) FROM records WHERE feed = $0 AND sequence <= $1", null, 2);
        command.Parameters[0].Value = feed.ToArray();
        command.Parameters[1].Value = (long)Math.Min(atMost, long.MaxValue);
        return command.ExecuteScalar() is long found ? (ulong)found : null;
    }

    /// <summary>A batch with all its records; null when there is none.</summary>
    public ArchivedBatch? Read(ulong sequence)
    {
        if (sequence > long.MaxValue) return null;
        var records = ReadRecords((long)sequence);
        using var command = Command("SELECT deployment, epoch, records_root, evidence_root, signer_index, public_key, signature FROM batches WHERE sequence = $0", null, 1);
        command.Parameters[0].Value = (long)sequence;
        using var reader = command.ExecuteReader();
        if (!reader.Read()) return null;
        var header = new BatchHeader(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian((byte[])reader[0]), checked((uint)reader.GetInt64(1)), sequence, checked((ushort)records.Count),
            new Hash32((byte[])reader[2]), new Hash32((byte[])reader[3]));
        return new ArchivedBatch(header, checked((byte)reader.GetInt64(4)), (byte[])reader[5], (byte[])reader[6], records);
    }

    /// <summary>The configuration with a hash; null when it is not there.</summary>
    public byte[]? ReadSettings(Hash32 hash)
    {
        using var command = Command("SELECT json FROM settings WHERE hash = $0", null, 1);
        command.Parameters[0].Value = ToBytes(hash);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>The version of the calendar with a fingerprint; null when it is not there.</summary>
    public string? ReadCalendar(Hash32 fingerprint)
    {
        using var command = Command("SELECT version FROM calendars WHERE fingerprint = $0", null, 1);
        command.Parameters[0].Value = ToBytes(fingerprint);
        return command.ExecuteScalar() as string;
    }

    private static ArchiveFile Open(string path, SqliteOpenMode mode)
    {
        // Not pooled: a pooled connection keeps a file open that was closed here.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            return new ArchiveFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private List<ArchivedRecord> ReadRecords(long sequence)
    {
        using var command = Command("SELECT feed, record, evidence FROM records WHERE sequence = $0 ORDER BY place", null, 1);
        command.Parameters[0].Value = sequence;
        using var reader = command.ExecuteReader();
        var records = new List<ArchivedRecord>();
        while (reader.Read()) records.Add(new ArchivedRecord(new FeedId((byte[])reader[0]), (byte[])reader[1], (byte[])reader[2]));
        return records;
    }

    private void CheckVersion(string path)
    {
        var version = Number("PRAGMA user_version");
        if (version != SchemaVersion) throw new InvalidDataException($"'{path}' is no evidence archive of version {SchemaVersion} but has version {version}.");
    }

    private SqliteCommand Command(string text, SqliteTransaction? transaction, int parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private void Execute(string text, SqliteTransaction? transaction = null)
    {
        using var command = Command(text, transaction, 0);
        command.ExecuteNonQuery();
    }

    private long Number(string text)
    {
        using var command = Command(text, null, 0);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static byte[] ToBytes(Hash32 hash)
    {
        var bytes = new byte[Hash32.Length];
        hash.CopyTo(bytes);
        return bytes;
    }

    private static byte[] ToBytes(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return bytes;
    }
}
