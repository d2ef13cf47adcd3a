using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace TriOps.Core.Names;

/// <summary>The name of a compute profile: on which kind of machine a job runs.</summary>
[JsonConverter(typeof(NameJsonConverter<ProfileName>))]
public readonly record struct ProfileName : IName<ProfileName>
{
    private readonly string? value;

    private ProfileName(string value) => this.value = value;

    /// <summary>The profile that every compute target has: "cpu".</summary>
    public static ProfileName Default { get; } = new("cpu");

    /// <inheritdoc/>
    public static string Noun => "compute profile";

    /// <inheritdoc/>
    public string Value => value ?? throw new InvalidOperationException("A default ProfileName names nothing.");

    /// <inheritdoc/>
    public static ProfileName FromValid(string text) => new(text);

    /// <inheritdoc cref="NameRule.Parse{T}"/>
    public static ProfileName Parse(string? s, IFormatProvider? provider = null) => NameRule.Parse<ProfileName>(s);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ProfileName result) =>
        NameRule.TryParse(s, out result);

    /// <inheritdoc/>
    public override string ToString() => value ?? "";
}
