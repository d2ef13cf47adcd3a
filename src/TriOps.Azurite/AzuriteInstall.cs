using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Content;

namespace TriOps.Azurite;

/// <summary>Azurite as npm installs it from this project's lock file, in a cache that all of the user's hosts and tests share.</summary>
/// <param name="Folder">Holds node_modules and the wrapper script.</param>
public sealed record AzuriteInstall(string Folder)
{
    private const int LastLines = 15;

    /// <summary>The script that runs Azurite and ends it with its parent.</summary>
    public string Wrapper => Path.Combine(Folder, "run.cjs");

    /// <summary>Azurite's main file.</summary>
    public string Main => Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Finds the installation, or makes it (about 20 seconds, 370 MB). Processes that ask at once wait for the one that installs;
    /// an installation that breaks off leaves nothing that counts as one.</summary>
    /// <param name="progress">Told what is happening, a line at a time.</param>
    /// <param name="ct">Cancels; what was begun is removed.</param>
    /// <param name="cache">Where installations live; by default $XDG_CACHE_HOME/triops/azurite, or ~/.cache/triops/azurite.</param>
    /// <exception cref="TriOpsException">Node.js is missing or too old (codes node-missing, node-too-old), or npm failed (code
    /// azurite-install).</exception>
    public static Task<AzuriteInstall> EnsureAsync(Action<string>? progress, CancellationToken ct, string? cache = null) =>
        EnsureAsync(NodeTools.OnPath, progress, cache ?? DefaultCache(), ct);

    internal static async Task<AzuriteInstall> EnsureAsync(NodeTools tools, Action<string>? progress, string cache, CancellationToken ct)
    {
        await tools.CheckNodeAsync(ct); // to run it, too
        var source = Path.Combine(AppContext.BaseDirectory, "azurite");
        var target = Path.Combine(cache, await NameAsync(source, ct));
        if (Directory.Exists(target)) return new(target);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var turn = await TakeTurnAsync(target + ".lock", ct);
        if (Directory.Exists(target)) return new(target);
        progress?.Invoke($"Installing Azurite into {target}");
        await InstallAsync(tools, source, target, progress, ct);
        return new(target);
    }

    private static async Task InstallAsync(NodeTools tools, string source, string target, Action<string>? progress, CancellationToken ct)
    {
        var staging = target + ".part";
        if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        Directory.CreateDirectory(staging);
        try
        {
            foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(staging, Path.GetFileName(file)));
            var last = new Queue<string>();
            var code = await tools.NpmAsync(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"],
                staging, line =>
            {
                if (last.Count == LastLines) last.Dequeue();
                last.Enqueue(line);
                progress?.Invoke(line);
            }, ct);
            if (code != 0 || !File.Exists(new AzuriteInstall(staging).Main))
                throw new TriOpsException("azurite-install",
                    $"'npm ci' for Azurite ended with code {code}. Its last lines:\n{string.Join('\n', last)}\nCheck that npm reaches its "
                    + $"registry, then try again; or give a storage connection string instead.");
            Directory.Move(staging, target);
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
        }
    }

    /// <summary>{version}-{first digits of the lock file's and the wrapper's hash}: another lock file is another installation.</summary>
    private static async Task<string> NameAsync(string source, CancellationToken ct)
    {
        var package = await File.ReadAllBytesAsync(Path.Combine(source, "package.json"), ct);
        var locked = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"), ct);
        var wrapper = await File.ReadAllBytesAsync(Path.Combine(source, "run.cjs"), ct);
        using var json = JsonDocument.Parse(package);
        var version = json.RootElement.GetProperty("dependencies").GetProperty("azurite").GetString();
        return $"{version}-{ContentId.OfBytes([.. package, .. locked, .. wrapper]).Hex[..8]}";
    }

    private static string DefaultCache()
    {
        var root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root) || !Path.IsPathRooted(root))
            root = OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(root, "triops", "azurite");
    }

    /// <summary>An exclusively opened file is the lock: the system frees it when its holder dies.</summary>
    private static async Task<FileStream> TakeTurnAsync(string file, CancellationToken ct)
    {
        while (true)
        {
            try { return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (File.Exists(file)) { await Task.Delay(TimeSpan.FromMilliseconds(200), ct); }
        }
    }
}
