using System.Diagnostics.CodeAnalysis;
using TriOps.Core.Names;

namespace TriOps.Core.Governance;

/// <summary>A role, for one project or for all.</summary>
/// <param name="Role">What may be done.</param>
/// <param name="Project">Where; null: everywhere.</param>
public sealed record Grant(Role Role, ProjectName? Project = null)
{
    /// <summary>The words for roles, as keys and app roles have them.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<Role>().Select(r => r.ToLowerInvariant())];

    /// <summary>Every role everywhere.</summary>
    public static IReadOnlyList<Grant> Everything { get; } = [.. Enum.GetValues<Role>().Select(r => new Grant(r))];

    /// <summary>Reads "contributor" (for all projects) or "contributor:shop" (for one).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        var (word, project) = text.Split(':', 2) is [var left, var right] ? (left, right) : (text, null);
        if (!Words.Contains(word, StringComparer.Ordinal)) return false;
        var role = Enum.Parse<Role>(word, ignoreCase: true);
        if (project is null) grant = new(role);
        else if (NameRule.TryParse<ProjectName>(project, out var name)) grant = new(role, name);
        return grant is not null;
    }

    /// <summary>Whether it suffices where <paramref name="role"/> is wanted.</summary>
    public bool Holds(Role role) => Role == role || role switch
    {
        Role.Reader => Role is Role.Contributor or Role.Approver,
        Role.Predictor => Role is Role.Contributor,
        _ => false,
    };

    /// <summary>As it is read.</summary>
    public override string ToString() => Role.ToString().ToLowerInvariant() + (Project is { } project ? $":{project}" : "");
}
