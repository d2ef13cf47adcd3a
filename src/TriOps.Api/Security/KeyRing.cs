using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Settings;

namespace TriOps.Api.Security;

/// <summary>The API keys, each with its holder. Only their hashes are kept, and no message has a part of one.</summary>
internal sealed class KeyRing
{
    /// <summary>Whose key <see cref="SettingNames.ApiKey"/> is.</summary>
    public const string Owner = "owner";

    private const int ShortestKey = 16;
    private const string UnresolvedReference = "@Microsoft.KeyVault("; // As learn.microsoft.com/azure/app-service writes references.

    private readonly IReadOnlyList<(byte[] Hash, Caller Holder)> keys;

    private KeyRing(IReadOnlyList<(byte[] Hash, Caller Holder)> keys) => this.keys = keys;

    /// <summary>Without keys.</summary>
    public static KeyRing Empty { get; } = new([]);

    /// <summary>Whether the settings have any.</summary>
    public static bool IsSet(Func<string, string?> setting) => !string.IsNullOrEmpty(setting(SettingNames.ApiKey))
        || !string.IsNullOrEmpty(setting(SettingNames.Keys));

    /// <summary>The keys of the settings.</summary>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <param name="why">What wants a key, for the message when there is none.</param>
    /// <param name="only">The one role of <see cref="SettingNames.ApiKey"/>; null: all of them.</param>
    /// <exception cref="InvalidInputException">There is none (code api-key-missing), one is short (api-key-short) or an unresolved
    /// reference (api-key-unresolved), or they cannot be read (api-keys-invalid).</exception>
    public static KeyRing Read(Func<string, string?> setting, string why, Role? only = null)
    {
        if (!IsSet(setting))
            throw new InvalidInputException("api-key-missing",
                $"{why}, which wants an API key: set {SettingNames.ApiKey} to at least {ShortestKey} characters.");
        var keys = new List<(byte[] Hash, Caller Holder)>();
        if (setting(SettingNames.ApiKey) is { Length: > 0 } owner)
            keys.Add(
                (Hash(Checked(owner, SettingNames.ApiKey)), new(Named(Owner), only is { } role ? [new Grant(role)] : Grant.Everything)));
        if (setting(SettingNames.Keys) is { Length: > 0 } named) keys.AddRange(Parse(Resolved(named, SettingNames.Keys)!));
        if (keys.DistinctBy(k => Convert.ToHexString(k.Hash)).Count() < keys.Count)
            throw Invalid("two names have the same key, so nobody could tell who asks");
        return new(keys);
    }

    /// <summary>Whose key the request has; null: none of them. Every key is compared, and each in constant time: neither length nor prefix
    /// shows in the time it takes, nor which one it was.</summary>
    public Caller? Find(HttpRequest request)
    {
        if (Sent(request) is not { Length: > 0 } given) return null;
        var hash = Hash(given);
        Caller? found = null;
        foreach (var (known, holder) in keys)
            if (CryptographicOperations.FixedTimeEquals(hash, known)) found = holder;
        return found;
    }

    private static string? Sent(HttpRequest request)
    {
        if (request.Headers["x-api-key"] is [{ } plain]) return plain;
        if (request.Headers.Authorization is not [{ } header]) return null;
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header["Bearer ".Length..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [_, var password] ? password : null;
    }

    private static IEnumerable<(byte[] Hash, Caller Holder)> Parse(string json)
    {
        Dictionary<string, NamedKey> named;
        try { named = JsonSerializer.Deserialize<Dictionary<string, NamedKey>>(json, Strict) ?? []; }
        // Its own message may quote a key.
        catch (JsonException e) { throw Invalid($"it is not such JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine})"); }
        if (named.Count == 0) throw Invalid("it names no key");
        foreach (var (name, entry) in named)
        {
            if (!NameRule.TryParse<ProjectName>(name, out _) || name == Owner)
                throw Invalid($"'{name}' names no key: a-z, 0-9 and '-', and not '{Owner}', whose key is {SettingNames.ApiKey}");
            var grants = new List<Grant>();
            foreach (var role in entry?.Roles ?? [])
                grants.Add(Grant.TryParse(role ?? "", out var grant) ? grant
                    : throw Invalid($"'{name}' has the role '{role}'; a role is {string.Join(", ", Grant.Words)}, or one of these for a "
                    + $"project: contributor:shop"));
            if (grants.Count == 0) throw Invalid($"'{name}' has no 'roles'");
            yield return (Hash(Checked(entry!.Key, $"The key '{name}' of {SettingNames.Keys}")), new(Named(name), grants));
        }
    }

    private static readonly JsonSerializerOptions Strict =
        new(TriOpsJson.Options) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false };

    private static string Named(string name) => $"key:{name}";

    private static string Checked(string? key, string where) => Resolved(key, where) is { Length: >= ShortestKey } whole ? whole
        : throw new InvalidInputException(
            "api-key-short", $"{where} has {key?.Length ?? 0} characters; at least {ShortestKey} are wanted.");

    /// <summary>A reference that the platform could not follow arrives as it is written: whoever guesses the vault's name has the
    /// key.</summary>
    private static string? Resolved(string? value, string where) =>
        value?.StartsWith(UnresolvedReference, StringComparison.OrdinalIgnoreCase) != true ? value
        : throw new InvalidInputException(
            "api-key-unresolved",
            $"{where} is a reference to Key Vault ('{UnresolvedReference}…'): the platform did not put the secret in its place. "
            + $"Check that the "
            + "secret is there, that the app's identity has the role Key Vault Secrets User on the vault, and that the vault can "
            + "be reached; "
            + "then restart the app.");

    private static InvalidInputException Invalid(string why) => new("api-keys-invalid",
        $"{SettingNames.Keys} cannot be used: {why}. It is JSON: {{\"ci\": {{\"key\": \"…\", \"roles\": [\"contributor:shop\"]}}}}.");

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private sealed record NamedKey(string? Key, IReadOnlyList<string?>? Roles);
}
