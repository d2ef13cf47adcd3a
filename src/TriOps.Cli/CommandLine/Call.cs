using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Cli.Host;
using TriOps.Cli.Output;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Settings;

namespace TriOps.Cli.CommandLine;

/// <summary>One invocation of a command: its options, its output, and the host it talks to.</summary>
internal sealed class Call(Shell shell, ParseResult parsed) : IDisposable
{
    private ApiClient? api;

    public Shell Shell { get; } = shell;

    public Screen Screen { get; } = new(shell, parsed.GetValue(GlobalOptions.Json));

    /// <summary>Whether a program reads the output.</summary>
    public bool Json => Screen.IsJson;

    /// <summary>The state directory, absolute.</summary>
    public StateDirectory State => new(Path.GetFullPath(parsed.GetValue(GlobalOptions.State)!, Shell.Directory));

    /// <summary>The host, found on first use.</summary>
    /// <exception cref="CliException">There is none (exit 3).</exception>
    public ApiClient Api => api ??= new ApiClient(FindAddress(), Shell.Variable(SettingNames.ApiKey));

    /// <summary>The host's address: --url, else TRIOPS_URL, else the local host's.</summary>
    /// <exception cref="CliException">There is none (exit 3).</exception>
    public Uri FindAddress() => HostAddress.Find(parsed.GetValue(GlobalOptions.Url), Shell, State);

    /// <summary>An option's value.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>An argument's value.</summary>
    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>--project, else the one triops.yaml in the current directory names, else the only one on the host.</summary>
    public async Task<ProjectName> ProjectAsync(CancellationToken ct)
    {
        if (parsed.GetValue(GlobalOptions.Project) is { Length: > 0 } named) return Name<ProjectName>(named);
        if (ProjectYaml() is { } yaml) return ProjectFileParser.Parse(yaml).Project;
        var all = await Api.ProjectsAsync(ct);
        return all switch
        {
            [var only] => only.Name,
            [] => throw new CliException(Exit.NotFound, "no-project",
                "The host has no project yet. Write one with 'triops init', then 'triops data push FILE'."),
            _ => throw new CliException(Exit.Usage, "which-project",
            $"The host has {all.Count} projects ({string.Join(", ", all.Select(p => p.Name))}). Say which with --project."),
        };
    }

    /// <summary>The text of triops.yaml in the current directory, or null.</summary>
    public string? ProjectYaml() => Path.Combine(Shell.Directory, "triops.yaml") is var path && File.Exists(path)
        ? File.ReadAllText(path) : null;

    /// <summary>A name from the command line.</summary>
    /// <exception cref="CliException">It breaks the rule for names (exit 2).</exception>
    public static T Name<T>(string text) where T : struct, IName<T>
    {
        try { return NameRule.Parse<T>(text); }
        catch (FormatException e) { throw new CliException(Exit.Usage, "name-invalid", e.Message); }
    }

    public void Dispose() => api?.Dispose();
}
