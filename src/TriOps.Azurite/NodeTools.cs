using System.ComponentModel;
using System.Diagnostics;
using TriOps.Core;

namespace TriOps.Azurite;

/// <summary>Node.js and npm.</summary>
/// <param name="node">The program, looked for on the path.</param>
/// <param name="npm">The program and its first arguments.</param>
internal sealed class NodeTools(string node, params IReadOnlyList<string> npm)
{
    private const int MinimumMajor = 20;

    /// <summary>As found on the path. On Windows npm is a script, which only a shell starts.</summary>
    public static NodeTools OnPath { get; } = OperatingSystem.IsWindows() ? new("node", "cmd.exe", "/c", "npm") : new("node", "npm");

    /// <summary>Checks that a Node.js of at least version 20 is there.</summary>
    /// <exception cref="TriOpsException">It is missing (code node-missing) or too old (code node-too-old).</exception>
    public async Task CheckNodeAsync(CancellationToken ct)
    {
        var printed = new List<string>();
        await RunAsync(node, ["--version"], Path.GetTempPath(), printed.Add, ct);
        var version = printed.FirstOrDefault()?.Trim() ?? "";
        if (!int.TryParse(version.TrimStart('v').Split('.')[0], out var major) || major < MinimumMajor)
            throw new TriOpsException("node-too-old",
                $"Node.js {version} is on the path; Azurite, the storage emulator, needs version {MinimumMajor} or newer. Install one, or "
                + $"give a storage connection string instead.");
    }

    /// <summary>Runs npm in <paramref name="folder"/> and hands each printed line to <paramref name="line"/>.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> NpmAsync(IReadOnlyList<string> arguments, string folder, Action<string> line, CancellationToken ct) =>
        RunAsync(npm[0], [.. npm.Skip(1), .. arguments], folder, line, ct);

    private static async Task<int> RunAsync(string program, IReadOnlyList<string> arguments, string folder, Action<string> line,
        CancellationToken ct)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true,
            RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        using var process = new Process { StartInfo = start };
        var gate = new Lock();
        process.OutputDataReceived += (_, e) => { if (e.Data is { } text) lock (gate) line(text); };
        process.ErrorDataReceived += (_, e) => { if (e.Data is { } text) lock (gate) line(text); };
        try { process.Start(); }
        catch (Win32Exception e)
        {
            throw new TriOpsException("node-missing",
                $"'{program}' was not found on the path. Azurite, the storage emulator, needs Node.js {MinimumMajor} or newer with npm: "
                + $"install it, or give a storage connection string instead.", e);
        }
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try { await process.WaitForExitAsync(ct); }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode;
    }
}
