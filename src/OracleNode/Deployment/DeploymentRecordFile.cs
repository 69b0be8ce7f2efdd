using System.Text.Json;
using OracleNode.Chains;

namespace OracleNode.Deployment;

/// <summary>
/// The file of a <see cref="DeploymentRecord"/>. Each change is a new file beside it that takes its name, so that a reader, or a
/// run after a crash, finds the old or the new one and never half of one.
/// </summary>
internal sealed class DeploymentRecordFile
{
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly string _path;

    private DeploymentRecordFile(string path, DeploymentRecord record)
    {
        _path = path;
        Record = record;
    }

    /// <summary>What it holds now.</summary>
    public DeploymentRecord Record { get; private set; }

    /// <summary>Where the record of a deployment is unless told otherwise.</summary>
    public static string DefaultPath(string deployment) => Path.Combine("deploy", "contracts", deployment + ".json");

    /// <summary>Opens the record of a deployment, or begins an empty one; writes nothing yet.</summary>
    /// <exception cref="ChainException">There is one, but of another deployment, or it is damaged.</exception>
    public static DeploymentRecordFile Open(string path, string deployment, ulong id)
    {
        if (!File.Exists(path)) return new DeploymentRecordFile(path, DeploymentRecord.Empty(deployment, id));
        var record = Read(path);
        return record.DeploymentId == DeploymentRecord.IdText(id)
            ? new DeploymentRecordFile(path, record)
            : throw new ChainException($"'{path}' is the record of deployment '{record.Deployment}' ({record.DeploymentId}), not of '{deployment}' ({DeploymentRecord.IdText(id)}); name another path.");
    }

    /// <summary>Reads a record.</summary>
    /// <exception cref="ChainException">It is missing, cannot be read, is damaged or of another schema.</exception>
    public static DeploymentRecord Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new ChainException($"Deployment record '{path}' is missing; the verb deploy writes it.");
            if (file.Length > MaxBytes) throw new ChainException($"Deployment record '{path}' has {file.Length} bytes; at most {MaxBytes} are read.");
            var record = JsonSerializer.Deserialize<DeploymentRecord>(File.ReadAllBytes(path), DeploymentJson.Options) ?? throw new ChainException($"Deployment record '{path}' is empty.");
            if (record.Schema != DeploymentRecord.CurrentSchema) throw new ChainException($"Deployment record '{path}' has schema {record.Schema}; this program reads {DeploymentRecord.CurrentSchema}.");
            return record;
        }
        catch (JsonException e)
        {
            throw new ChainException($"Deployment record '{path}' is damaged or not one: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"Deployment record '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Puts a chain's entry in and writes the file.</summary>
    /// <exception cref="ChainException">It cannot be written.</exception>
    public void Put(ChainRecord chain)
    {
        var record = Record.With(chain);
        var unfinished = _path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, record, DeploymentJson.Options);
                stream.Write("\n"u8);
                stream.Flush(flushToDisk: true);
            }

            File.Move(unfinished, _path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ChainException($"Deployment record '{_path}' cannot be written: {e.Message}", e);
        }

        Record = record;
    }
}
