using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a dataset.</summary>
[JsonConverter(typeof(NameJsonConverter<DatasetName>))]
public readonly record struct DatasetName : IName<DatasetName>
{
    private readonly string? value;

    private DatasetName(string value) => this.value = value;

    /// <inheritdoc/>
    public static string Noun => "dataset";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default DatasetName names nothing.");

    /// <inheritdoc/>
    public static DatasetName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static DatasetName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<DatasetName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out DatasetName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
