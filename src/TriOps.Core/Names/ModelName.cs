using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a model.</summary>
[JsonConverter(typeof(NameJsonConverter<ModelName>))]
public readonly record struct ModelName : IName<ModelName>
{
    private readonly string? value;

    private ModelName(string value) => this.value = value;

    /// <inheritdoc/>
    public static string Noun => "model";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default ModelName names nothing.");

    /// <inheritdoc/>
    public static ModelName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static ModelName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<ModelName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ModelName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
