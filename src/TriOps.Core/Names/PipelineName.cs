using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a pipeline.</summary>
[JsonConverter(typeof(NameJsonConverter<PipelineName>))]
public readonly record struct PipelineName : IName<PipelineName>
{
    private readonly string? value;

    private PipelineName(string value) => this.value = value;

    /// <inheritdoc/>
    public static string Noun => "pipeline";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default PipelineName names nothing.");

    /// <inheritdoc/>
    public static PipelineName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static PipelineName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<PipelineName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out PipelineName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
