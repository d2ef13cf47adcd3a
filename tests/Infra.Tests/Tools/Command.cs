using System.Diagnostics;

namespace TriOps.Infra.Tests.Tools;

/// <summary>What a program answered.</summary>
internal sealed record CommandResult(int Code, string Output, string Errors)
{
    /// <summary>Both streams.</summary>
    public string All => Output + Errors;
}

/// <summary>Runs a program to its end.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs <paramref name="file"/> without a shell and without standard input.</summary>
    /// <param name="file">The program.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">More variables.</param>
    /// <param name="inherit">Whether it is given this process's variables too.</param>
    public static async Task<CommandResult> RunAsync(string file, string directory, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null, bool inherit = true)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = directory, RedirectStandardInput = true,
            RedirectStandardOutput = true, RedirectStandardError = true };
        if (!inherit) start.Environment.Clear();
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start.");
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Patience);
        try { await process.WaitForExitAsync(limit.Token); }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end within {Patience}.");
        }
        return new(process.ExitCode, await output, await errors);
    }
}
