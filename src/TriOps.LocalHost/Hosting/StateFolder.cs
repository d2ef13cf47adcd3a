using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;

namespace TriOps.LocalHost.Hosting;

/// <summary>What others read to find a running host: {state}/host.json.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Storage">Where its storage is, without the key.</param>
/// <param name="StartedAt">When it was ready.</param>
public sealed record HostFile(string Url, int Pid, string Storage, DateTimeOffset StartedAt);

/// <summary>The folder a host keeps its state in; one host at a time.</summary>
public sealed class StateFolder : IDisposable
{
    private readonly FileStream held;

    private StateFolder(string root, FileStream held) => (Root, this.held) = (root, held);

    /// <summary>Its full path.</summary>
    public string Root { get; }

    /// <summary>Azurite's data.</summary>
    public string Azurite => Path.Combine(Root, "azurite");

    /// <summary>Tells this folder's host from others that share a storage; the same after a restart, because a folder has one host at a
    /// time.</summary>
    public string Identity => ContentId.OfBytes(Encoding.UTF8.GetBytes($"{Environment.MachineName}\n{Root}")).Hex[..16];

    /// <summary>Models' files that serving has fetched.</summary>
    public string Models => Path.Combine(Root, "models");

    /// <summary>Traces of jobs' processes.</summary>
    public string Jobs => Path.Combine(Root, "jobs");

    private string HostFilePath => Path.Combine(Root, "host.json");

    /// <summary>Makes the folder if needed and takes it.</summary>
    /// <exception cref="ConflictException">Another host has it (code state-taken).</exception>
    public static StateFolder Take(string root)
    {
        Directory.CreateDirectory(root);
        var file = Path.Combine(root, "host.lock");
        try { return new(root, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)); }
        catch (IOException e) when (File.Exists(file))
        {
            throw new ConflictException("state-taken",
                $"Another host runs on {root}{(ReadHostFile(root) is { } host ? $": {host.Url}, process {host.Pid}" : "")}. Use that one, "
                + $"stop it, or give another folder with --state.", e);
        }
    }

    /// <summary>host.json, or null: no host is ready there.</summary>
    public static HostFile? ReadHostFile(string root)
    {
        try { return JsonSerializer.Deserialize<HostFile>(File.ReadAllBytes(Path.Combine(root, "host.json")), TriOpsJson.Options); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException) { return null; }
    }

    /// <summary>Tells others where the host is; readers see all of it or nothing.</summary>
    public void Announce(HostFile host)
    {
        File.WriteAllBytes(HostFilePath + ".part", JsonSerializer.SerializeToUtf8Bytes(host, TriOpsJson.Options));
        File.Move(HostFilePath + ".part", HostFilePath, overwrite: true);
    }

    /// <summary>Takes the announcement back and gives the folder up.</summary>
    public void Dispose()
    {
        File.Delete(HostFilePath);
        held.Dispose();
    }
}
