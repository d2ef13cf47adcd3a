using System.Text.Json;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Tests.Fakes;

/// <summary>What a command did.</summary>
internal sealed record Ran(int Code, string Out, string Error)
{
    /// <summary>Stdout as the one JSON value it must be.</summary>
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;
}

/// <summary>Runs the command line in this process, in a folder of its own.</summary>
internal sealed class TestCli : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("triops-cli-").FullName;

    public Dictionary<string, string> Variables { get; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public async Task<Ran> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Triops.RunAsync(args, new Shell(output, error, Variables.GetValueOrDefault, Folder, Interactive: false, Time));
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Writes a file into the folder.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
