using System.Text.Json;
using System.Text.RegularExpressions;
using TriOps.Core;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Settings;

namespace TriOps.Compute;

/// <summary>The table of compute profiles, from the setting <see cref="SettingNames.ComputeProfiles"/>.</summary>
public sealed partial class ComputeProfiles
{
    private const decimal MaxPrice = 1_000_000m;
    private const string Example =
        """{"cpu": {"job": "/subscriptions/…/resourceGroups/…/providers/Microsoft.App/jobs/…", "pricePerHour": 0.12, "currency": "USD"}}""";
    private readonly Dictionary<ProfileName, ComputeProfile> profiles = [];

    private ComputeProfiles() { }

    /// <summary>The profiles' names, in order.</summary>
    public IEnumerable<ProfileName> Names => profiles.Keys.OrderBy(n => n.Value, StringComparer.Ordinal);

    /// <summary>The profile, or null.</summary>
    public ComputeProfile? Find(ProfileName name) => profiles.GetValueOrDefault(name);

    /// <summary>The profile a job asks for.</summary>
    /// <exception cref="InvalidInputException">There is none (code compute-profile-unknown).</exception>
    public ComputeProfile Get(ProfileName name) => Find(name) ?? throw new InvalidInputException("compute-profile-unknown",
        $"There is no compute profile '{name}' here. Set '{ProjectKey.Compute}' of the pipeline in triops.yaml to one of: "
        + $"{string.Join(", ", Names)}; or add it to {SettingNames.ComputeProfiles}.");

    /// <summary>Reads the table: at least "cpu", one currency, nothing unknown and nothing twice.</summary>
    /// <exception cref="InvalidInputException">It is not such a table (code compute-profiles).</exception>
    public static ComputeProfiles Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json)) throw Wrong("it is not set");
        JsonDocument document;
        try { document = JsonDocument.Parse(json); }
        catch (JsonException e) { throw Wrong($"it is no JSON: {e.Message}"); }
        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong($"it is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}, not an object");
            var table = new ComputeProfiles();
            foreach (var entry in document.RootElement.EnumerateObject())
            {
                if (!ProfileName.TryParse(entry.Name, null, out var name))
                    throw Wrong($"'{entry.Name}' is no profile name: 1 to 63 characters of a-z, 0-9 and '-'");
                if (!table.profiles.TryAdd(name, Profile(name, entry.Value))) throw Wrong($"'{name}' is there twice");
            }
            if (table.Find(ProfileName.Default) is not { } basis)
                throw Wrong($"the profile '{ProfileName.Default}', which jobs run on when they ask for no other, is missing");
            if (table.profiles.Values.FirstOrDefault(p => p.Currency != basis.Currency) is { } other)
                throw Wrong($"'{basis.Name}' is priced in {basis.Currency} and '{other.Name}' in {other.Currency}; a run's cost is a sum "
                    + $"in one currency");
            return table;
        }
    }

    private static ComputeProfile Profile(ProfileName name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Wrong($"'{name}' is no object");
        string? job = null, currency = null;
        decimal? price = null;
        foreach (var part in value.EnumerateObject())
        {
            var twice = part.Name switch
                { "job" => job is not null, "currency" => currency is not null, "pricePerHour" => price is not null,
                _ => throw Wrong($"'{name}' has the unknown key '{part.Name}'; known are job, pricePerHour, currency") };
            if (twice) throw Wrong($"'{name}' has '{part.Name}' twice");
            if (part.Name == "pricePerHour") price = part.Value.ValueKind == JsonValueKind.Number
                && part.Value.TryGetDecimal(out var number) ? number : throw Wrong($"'{name}' has a pricePerHour that is no number");
            else if (part.Value.ValueKind != JsonValueKind.String) throw Wrong($"'{name}' has a {part.Name} that is no text");
            else if (part.Name == "job") job = part.Value.GetString();
            else currency = part.Value.GetString();
        }
        if (job is null || price is null || currency is null)
            throw Wrong($"'{name}' lacks {(job is null ? "job" : price is null ? "pricePerHour" : "currency")}");
        if (!JobId().IsMatch(job)) throw Wrong($"'{name}' has the job '{job}', which is no resource id of a Container Apps job");
        if (price is < 0 or > MaxPrice) throw Wrong($"'{name}' has the pricePerHour {price}, which is not within 0 and {MaxPrice}");
        if (!Iso4217().IsMatch(currency))
            throw Wrong($"'{name}' has the currency '{currency}', which is no three capital letters such as USD");
        return new(name, job, (long)Math.Round(price.Value * 1_000_000m, MidpointRounding.AwayFromZero), currency);
    }

    private static InvalidInputException Wrong(string why) =>
        new("compute-profiles", $"{SettingNames.ComputeProfiles} cannot be used: {why}. It looks like {Example}.");

    [GeneratedRegex(@"\A/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[\w.()-]{1,90}/providers/Microsoft\.App/jobs/[a-z0-9-]{2,32}\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex JobId();

    [GeneratedRegex(@"\A[A-Z]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Iso4217();
}
