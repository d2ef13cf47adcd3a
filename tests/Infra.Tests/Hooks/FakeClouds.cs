using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>A PATH on which az and azd are scripts that write their arguments down and answer what the test says.</summary>
internal sealed class FakeClouds : IDisposable
{
    private const string Pause = "function Start-Sleep([int] $Seconds) { & sleep $Seconds };";

    private static readonly string[] Quietly = ["-NoProfile", "-NonInteractive", "-Command"];

    private readonly TemporaryFolder folder = new();
    private readonly List<string> answers = [];
    private readonly Dictionary<string, string> environment = new() { ["AZURE_ENV_NAME"] = "test", ["AZURE_LOCATION"] = "westeurope" };

    private readonly string shell;

    public FakeClouds(string shell, bool withAz = true)
    {
        this.shell = shell;
        Write("azd", "exit 0");
        Write("sleep", "exit 0");
        if (withAz) Write("az", "exit 0");
        File.WriteAllText(folder.At("calls"), "");
        foreach (var tool in new[] { "sh", "cat", "tr", "od", "awk", "grep", "sed", "date", "uuidgen", "printf" })
            if (Find(tool) is { } path) File.CreateSymbolicLink(folder.At(tool), path);
        environment["PATH"] = folder.Path;
        // What .NET needs, which PowerShell runs on; as a global tool it is started by dotnet.
        if (shell == Shell.Windows && Shell.OnPath("dotnet") is { } dotnet) File.CreateSymbolicLink(folder.At("dotnet"), dotnet);
        foreach (var name in new[] { "HOME", "DOTNET_ROOT", "TMPDIR" })
            if (Environment.GetEnvironmentVariable(name) is { } value) environment[name] = value;
        environment["POWERSHELL_TELEMETRY_OPTOUT"] = "1";
    }

    /// <summary>Each call, with its arguments; a file that one names stands for itself.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(folder.At("calls"));

    /// <summary>What was written into the azd environment.</summary>
    public IReadOnlyList<string> Kept =>
        [.. Calls.Where(c => c.StartsWith("azd env set ", StringComparison.Ordinal)).Select(c => c["azd env set ".Length..])];

    /// <summary>az answers so when its arguments match the shell pattern; the first match counts. Anything else is answered with
    /// nothing.</summary>
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

    /// <summary>A program that is there too, and does nothing.</summary>
    public FakeClouds With(string program)
    {
        Write(program, "exit 0");
        return this;
    }

    /// <summary>Runs a hook as azd does, but that nobody waits: PowerShell's own pause is the program sleep here.</summary>
    public Task<CommandResult> RunAsync(string hook)
    {
        var script = Repository.At("infra", "hooks", hook);
        return shell == Shell.Posix
            ? Command.RunAsync("/bin/sh", Repository.Root, [$"{script}.sh"], environment, inherit: false)
            : Command.RunAsync(Shell.PowerShell!, Repository.Root, [.. Quietly, $"{Pause} . '{script}.ps1'"], environment, inherit: false);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string body)
    {
        File.WriteAllText(folder.At(name), $$"""
            #!/bin/sh
            line='{{name}}'
            for word in "$@"; do
              case $word in @/*) word=$(cat "${word#@}") ;; esac
              line="$line $word"
            done
            printf '%s\n' "$line" >> '{{folder.At("calls")}}'
            {{body}}

            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string? Find(string tool) => new[] { "/usr/bin", "/bin" }.Select(d => Path.Combine(d, tool)).FirstOrDefault(File.Exists);
}
