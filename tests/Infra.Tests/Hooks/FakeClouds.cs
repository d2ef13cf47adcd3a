using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>A PATH on which az and azd are scripts that write their arguments down and answer what the test says.</summary>
internal sealed class FakeClouds : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> answers = [];
    private readonly Dictionary<string, string> environment = new() { ["AZURE_ENV_NAME"] = "test", ["AZURE_LOCATION"] = "westeurope" };

    public FakeClouds(bool withAz = true)
    {
        Write("azd", "exit 0");
        if (withAz) Write("az", "exit 0");
        File.WriteAllText(folder.At("calls"), "");
        foreach (var tool in new[] { "sh", "cat", "tr", "od", "awk", "grep", "date", "uuidgen", "printf" })
            if (Find(tool) is { } path) File.CreateSymbolicLink(folder.At(tool), path);
        environment["PATH"] = folder.Path;
    }

    /// <summary>Each call, with its arguments.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(folder.At("calls"));

    /// <summary>What was written into the azd environment.</summary>
    public IReadOnlyList<string> Kept => [.. Calls.Where(c => c.StartsWith("azd env set ", StringComparison.Ordinal)).Select(c => c["azd env set ".Length..])];

    /// <summary>az answers so when its arguments match the shell pattern; the first match counts. Anything else is answered with nothing.</summary>
    public FakeClouds Az(string pattern, string answer, int code = 0)
    {
        answers.Add($"{pattern}) printf '%s\\n' '{answer}'; exit {code} ;;");
        Write("az", $"case \"$*\" in\n{string.Join('\n', answers)}\nesac\nexit 0");
        return this;
    }

    public FakeClouds Set(string name, string value)
    {
        environment[name] = value;
        return this;
    }

    /// <summary>Runs a hook as azd does.</summary>
    public Task<CommandResult> RunAsync(string hook) => Command.RunAsync("/bin/sh", Repository.Root, [Repository.At("infra", "hooks", $"{hook}.sh")], environment, inherit: false);

    public void Dispose() => folder.Dispose();

    private void Write(string name, string body)
    {
        File.WriteAllText(folder.At(name), $"#!/bin/sh\nprintf '%s\\n' \"{name} $*\" >> '{folder.At("calls")}'\n{body}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string? Find(string tool) => new[] { "/usr/bin", "/bin" }.Select(d => Path.Combine(d, tool)).FirstOrDefault(File.Exists);
}
