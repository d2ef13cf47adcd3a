namespace TriOps.Core.Settings;

/// <summary> Every name that TriOps' processes read from their environment. infra/ sets these and no others (beside the host's own), which
/// a test holds; docs/azure.md says their values.
/// </summary>
public static class SettingNames
{
    /// <summary>A storage connection string, or a storage account's name for sign-in by identity. All processes.</summary>
    public const string Storage = "TRIOPS_STORAGE";

    /// <summary>Set before the name of every container, table and queue, so that tests live side by side. All processes; never in
    /// Azure.</summary>
    public const string StoragePrefix = "TRIOPS_STORAGE_PREFIX";

    /// <summary>The user-assigned identity to sign in with. Functions, trainer and inference server; only in Azure.</summary>
    public const string Identity = "AZURE_CLIENT_ID";

    /// <summary>Where jobs run: "process" or "containerapps". Functions.</summary>
    public const string Compute = "TRIOPS_COMPUTE";

    /// <summary>The trainer's path, where jobs are processes. Functions; never in Azure. (The local host is told by --trainer.)</summary>
    public const string Trainer = "TRIOPS_TRAINER";

    /// <summary>A JSON object, profile → {"job": resource id of a Container Apps job, "pricePerHour": number, "currency": "USD"}; it has at
    /// least "cpu". Functions.</summary>
    public const string ComputeProfiles = "TRIOPS_COMPUTE_PROFILES";

    /// <summary>The job's id. Trainer; set for each execution.</summary>
    public const string Job = "TRIOPS_JOB";

    /// <summary>The attempt's number, from 1. Trainer; set for each execution.</summary>
    public const string Attempt = "TRIOPS_ATTEMPT";

    /// <summary>How many threads a trainer may use, 1..256. Trainer.</summary>
    public const string TrainerThreads = "TRIOPS_TRAINER_THREADS";

    /// <summary>Who may ask over HTTP: "entra" (the platform signs users in, and its header is trusted), "key" (<see cref="ApiKey"/>,
    /// <see cref="Keys"/>), or "none" (a development machine). Functions and inference server.</summary>
    public const string Auth = "TRIOPS_AUTH";

    /// <summary>The API key, 16 characters or more; a secret. Functions and local host: who sends it may do everything. Inference server:
    /// predict, and nothing else.</summary>
    public const string ApiKey = "TRIOPS_API_KEY";

    /// <summary>Named API keys and what each may do, a secret: a JSON object, name → {"key": 16 characters or more, "roles": ["reader",
    /// "contributor:shop", …]}; a role without a project is for all. Functions, inference server and local host, beside
    /// <see cref="ApiKey"/>.</summary>
    public const string Keys = "TRIOPS_API_KEYS";

    /// <summary>Application Insights takes traces and metrics. All processes.</summary>
    public const string ApplicationInsights = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>An OpenTelemetry collector takes traces and metrics; the other OTEL_ variables of its specification hold too. All
    /// processes.</summary>
    public const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>"console" or "none", where neither of the two above is set. All processes.</summary>
    public const string Telemetry = "TRIOPS_TELEMETRY";
}
