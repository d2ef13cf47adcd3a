using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a deployment.</summary>
[JsonConverter(typeof(NameJsonConverter<DeploymentName>))]
public readonly record struct DeploymentName : IName<DeploymentName>
{
    private readonly string? value;

    private DeploymentName(string value) => this.value = value;

    /// <inheritdoc/>
    public static string Noun => "deployment";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default DeploymentName names nothing.");

    /// <inheritdoc/>
    public static DeploymentName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static DeploymentName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<DeploymentName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DeploymentName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
