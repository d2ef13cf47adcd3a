using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a project.</summary>
[JsonConverter(typeof(NameJsonConverter<ProjectName>))]
public readonly record struct ProjectName : IName<ProjectName>
{
    private readonly string? value;

    private ProjectName(string value) => this.value = value;

    /// <inheritdoc/>
    public static string Noun => "project";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default ProjectName names nothing.");

    /// <inheritdoc/>
    public static ProjectName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static ProjectName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<ProjectName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ProjectName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
