using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.Telemetry;

namespace TriOps.LocalHost.Tests.Telemetry;

/// <summary>Who gets spans and metrics. That a collector receives them is held end to end.</summary>
public sealed class TelemetryTargetTests
{
    private const string Insights = "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=http://127.0.0.1:9/";

    [Theory]
    [InlineData(null, null, null, TelemetryTarget.None)]
    [InlineData("", "", "", TelemetryTarget.None)]
    [InlineData(null, null, "none", TelemetryTarget.None)]
    [InlineData(null, null, "console", TelemetryTarget.Console)]
    [InlineData(null, "http://127.0.0.1:4318", null, TelemetryTarget.Otlp)]
    [InlineData(null, "http://127.0.0.1:4318", "console", TelemetryTarget.Otlp)]
    [InlineData(Insights, "http://127.0.0.1:4318", "console", TelemetryTarget.AzureMonitor)]
    public void Target_OfTheSettings_IsTheFirstThatIsSet(string? insights, string? collector, string? telemetry, TelemetryTarget expected)
    {
        var settings = Settings(insights, collector, telemetry);

        Assert.Equal(expected, TelemetryTargets.Of(settings));
        using var services = new ServiceCollection().AddTriOpsTelemetry("test", settings).BuildServiceProvider();
        Assert.Equal(expected != TelemetryTarget.None, services.GetService<TracerProvider>() is not null);
        Assert.Equal(expected != TelemetryTarget.None, services.GetService<MeterProvider>() is not null);
    }

    [Fact]
    public void Target_UnknownWord_IsRefusedWithThoseThatAreKnown()
    {
        var error = Assert.Throws<InvalidInputException>(() => TelemetryTargets.Of(Settings(null, null, "jaeger")));
        Assert.Equal("telemetry-invalid", error.Code);
        Assert.Contains("'jaeger'; it may be 'console' or 'none'", error.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Settings(string? insights, string? collector, string? telemetry) => name => name switch
    {
        SettingNames.ApplicationInsights => insights,
        SettingNames.OtlpEndpoint => collector,
        SettingNames.Telemetry => telemetry,
        _ => null,
    };
}
