using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Telemetry;

/// <summary>Where traces and metrics go.</summary>
public enum TelemetryTarget { /// <summary>Nowhere.</summary>
    None, /// <summary>Standard output.</summary>
    Console, /// <summary>An OpenTelemetry collector.</summary>
    Otlp, /// <summary>Application Insights.</summary>
    AzureMonitor }

/// <summary>What the settings ask for.</summary>
public static class TelemetryTargets
{
    /// <summary>Application Insights where its connection string is set, else a collector where its address is, else what
    /// <see cref="SettingNames.Telemetry"/> says.</summary>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <exception cref="InvalidInputException"><see cref="SettingNames.Telemetry"/> is neither "console" nor "none" (code
    /// telemetry-invalid).</exception>
    public static TelemetryTarget Of(Func<string, string?> setting)
    {
        if (!string.IsNullOrEmpty(setting(SettingNames.ApplicationInsights))) return TelemetryTarget.AzureMonitor;
        if (!string.IsNullOrEmpty(setting(SettingNames.OtlpEndpoint))) return TelemetryTarget.Otlp;
        return setting(SettingNames.Telemetry) switch
        {
            null or "" or "none" => TelemetryTarget.None,
            "console" => TelemetryTarget.Console,
            var other => throw new InvalidInputException("telemetry-invalid",
                $"{SettingNames.Telemetry} is '{other}'; it may be 'console' or 'none'. A collector is named by "
                + $"{SettingNames.OtlpEndpoint}, Application Insights by {SettingNames.ApplicationInsights}."),
        };
    }
}
