using System.Globalization;
using System.Net;
using TriOps.Compute;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.LocalHost.Hosting;

/// <summary>The host's command line.</summary>
/// <param name="State">Folder of everything the host keeps.</param>
/// <param name="Address">To listen on; not loopback only together with an API key.</param>
/// <param name="Port">0: the system chooses.</param>
/// <param name="Storage">Connection string or account name; null: Azurite under the state folder.</param>
/// <param name="Prefix">Before the storage's names.</param>
/// <param name="Trainer">Path of the trainer, or null to find it.</param>
/// <param name="MaxJobs">Trainers at once.</param>
/// <param name="ParentProcess">The host ends when this process does.</param>
public sealed record HostArguments(string State, IPAddress Address, int Port, string? Storage, string Prefix, string? Trainer, int MaxJobs,
    int? ParentProcess)
{
    /// <summary>For people.</summary>
    public const string Usage = """
        TriOps.LocalHost [--state <folder>] [--port <n>] [--address <ip>] [--storage <connection string or account>] [--storage-prefix <text>]
                         [--trainer <path>] [--max-jobs <n>] [--parent-pid <n>]
        --state      what the host keeps; .triops by default        --port     0 by default: a free one, written to <state>/host.json
        --address    127.0.0.1 by default; another wants TRIOPS_API_KEY   --storage  TRIOPS_STORAGE by default, else Azurite in <state>/azurite
        """;

    /// <summary>Reads the arguments; what is missing comes from the environment or has its default.</summary>
    /// <exception cref="InvalidInputException">An argument is unknown or its value is not valid (code arguments-invalid).</exception>
    public static HostArguments Parse(IReadOnlyList<string> arguments)
    {
        var read = new HostArguments(".triops", IPAddress.Loopback, 0, Environment.GetEnvironmentVariable(SettingNames.Storage),
            Environment.GetEnvironmentVariable(SettingNames.StoragePrefix) ?? "", null, ProcessComputeOptions.DefaultParallel, null);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            var value = i + 1 < arguments.Count ? arguments[i + 1] : throw Invalid($"'{name}' wants a value");
            read = name switch
            {
                "--state" => read with { State = value },
                "--address" =>
                read with { Address = IPAddress.TryParse(value, out var ip) ? ip
                : throw Invalid($"--address is '{value}', not an IP address") },
                "--port" => read with { Port = Number(name, value, 0, 65535) },
                "--storage" => read with { Storage = value },
                "--storage-prefix" => read with { Prefix = value },
                "--trainer" => read with { Trainer = value },
                "--max-jobs" => read with { MaxJobs = Number(name, value, 1, 256) },
                "--parent-pid" => read with { ParentProcess = Number(name, value, 1, int.MaxValue) },
                _ => throw Invalid($"'{name}' is not known"),
            };
        }
        return read with { State = Path.GetFullPath(read.State), Storage = string.IsNullOrEmpty(read.Storage) ? null : read.Storage };
    }

    private static int Number(string name, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= min && n <= max
            ? n : throw Invalid($"{name} is '{value}', not a number from {min} to {max}");

    private static InvalidInputException Invalid(string what) => new("arguments-invalid", $"{what}.\n{Usage}");
}
