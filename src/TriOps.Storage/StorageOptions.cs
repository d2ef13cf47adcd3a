using System.Text.RegularExpressions;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Storage;

/// <summary>Which storage account, and how to sign in.</summary>
/// <param name="ConnectionString">An account's or Azurite's, with its key; a secret. Null: identity is used.</param>
/// <param name="BlobEndpoint">https://{account}.blob.core.windows.net; used without a connection string.</param>
/// <param name="QueueEndpoint">https://{account}.queue.core.windows.net</param>
/// <param name="TableEndpoint">https://{account}.table.core.windows.net</param>
/// <param name="Prefix">Set before the name of every container, table and queue: "" or 1 to 12 of a-z and 0-9, a letter first. Tests live
/// side by side with it.</param>
public sealed partial record StorageOptions(string? ConnectionString, Uri? BlobEndpoint = null, Uri? QueueEndpoint = null,
    Uri? TableEndpoint = null, string Prefix = "")
{
    /// <summary>Reads <see cref="SettingNames.Storage"/> and <see cref="SettingNames.StoragePrefix"/>.</summary>
    /// <exception cref="InvalidInputException">Not set (code storage-missing), or not valid (code storage-invalid).</exception>
    public static StorageOptions FromEnvironment() => Parse(
        Environment.GetEnvironmentVariable(SettingNames.Storage)
        ?? throw new InvalidInputException("storage-missing",
        $"The environment variable {SettingNames.Storage} is not set. It holds a storage connection string, or the name of a "
        + $"storage account."),
        Environment.GetEnvironmentVariable(SettingNames.StoragePrefix) ?? "");

    /// <summary>From a connection string (it has a '=' in it) or an account's name.</summary>
    /// <exception cref="InvalidInputException">Neither (code storage-invalid).</exception>
    public static StorageOptions Parse(string text, string prefix = "")
    {
        if (text.Contains('=', StringComparison.Ordinal)) return new StorageOptions(text, Prefix: prefix).Validated();
        if (!AccountName().IsMatch(text))
            throw Invalid("A storage account's name has 3 to 24 characters of a-z and 0-9; a connection string has parts like "
                + "AccountName=…;AccountKey=….");
        return new StorageOptions(null, At("blob"), At("queue"), At("table"), prefix).Validated();

        Uri At(string service) => new($"https://{text}.{service}.core.windows.net");
    }

    /// <summary>Itself, checked.</summary>
    /// <exception cref="InvalidInputException">Neither connection string nor endpoints, or a bad prefix (code storage-invalid).</exception>
    public StorageOptions Validated()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString) && (BlobEndpoint is null || QueueEndpoint is null || TableEndpoint is null))
            throw Invalid("Storage wants a connection string, or the account's blob, queue and table endpoints.");
        if (!PrefixRule().IsMatch(Prefix))
            throw Invalid($"The storage prefix '{Prefix}' is not 1 to 12 characters of a-z and 0-9 with a letter first.");
        return this;
    }

    /// <summary>Where the storage is, without its key: for people and host.json.</summary>
    public string Describe() => new StorageClients(this).Blobs.Uri.ToString();

    /// <summary>Without the secret.</summary>
    public override string ToString() => Describe();

    private static InvalidInputException Invalid(string message) => new("storage-invalid", message);

    [GeneratedRegex("^[a-z0-9]{3,24}$")]
    private static partial Regex AccountName();

    [GeneratedRegex("^([a-z][a-z0-9]{0,11})?$")]
    private static partial Regex PrefixRule();
}
