using System.Globalization;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Settings;
using TriOps.Storage;

namespace TriOps.Inference;

/// <summary>What the server was told, by its command line and its environment.</summary>
/// <param name="Port">0: the system chooses; 8080 when nothing is said.</param>
/// <param name="Guard">Who may ask. Without sign-in or key the server listens on loopback only.</param>
/// <param name="Storage">Where models and deployments are.</param>
/// <param name="Setting">Any other setting's value, or null.</param>
public sealed record InferenceSettings(int Port, RequestGuard Guard, StorageOptions Storage, Func<string, string?> Setting)
{
    /// <summary>For people.</summary>
    public const string Usage = $"""
        TriOps.Inference [--port <n>] | --probe [--port <n>]
        --port   {PortsVariable} by default, else 8080; 0: a free one, printed when the server listens
        --probe  asks the server on that port whether it lives; exit 0: yes, 1: no
        The environment says the rest: {SettingNames.Storage}, {SettingNames.Auth} (entra, key or none), {SettingNames.ApiKey} (a key that predicts) and {SettingNames.Keys}. Without sign-in or key it listens on loopback only.
        """;

    private const string PortsVariable = "ASPNETCORE_HTTP_PORTS"; // .NET's container images set it.
    private const int DefaultPort = 8080;

    /// <summary>Reads the arguments and the environment.</summary>
    /// <param name="arguments">The command line without the program.</param>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <exception cref="InvalidInputException">An argument is not known or no number (code arguments-invalid), or a setting is missing or
    /// not valid.</exception>
    public static InferenceSettings Read(IReadOnlyList<string> arguments, Func<string, string?> setting) => new(
        PortOf(arguments, setting), RequestGuard.FromSettings(setting, only: Role.Predictor),
        StorageOptions.Parse(setting(SettingNames.Storage)
        ?? throw new InvalidInputException("storage-missing",
        $"{SettingNames.Storage} is not set. It holds a storage connection string, or the name of a storage account."),
        setting(SettingNames.StoragePrefix) ?? ""),
        setting);

    /// <summary>The port to listen on or to ask.</summary>
    /// <exception cref="InvalidInputException">As with <see cref="Read"/>.</exception>
    public static int PortOf(IReadOnlyList<string> arguments, Func<string, string?> setting) => arguments switch
    {
        [] => setting(PortsVariable) is { Length: > 0 } ports ? Number(PortsVariable, ports) : DefaultPort,
        ["--port", var port] => Number("--port", port),
        ["--port"] => throw Invalid("'--port' wants a value"),
        _ => throw Invalid($"'{string.Join(' ', arguments)}' is not known"),
    };

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
        ? port
        : throw Invalid($"{name} is '{value}', not one port from 0 to 65535");

    private static InvalidInputException Invalid(string what) => new("arguments-invalid", $"{what}.\n{Usage}");
}
