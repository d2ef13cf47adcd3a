using System.Globalization;
using System.Text.Json;
using TriOps.Infra.Tests.Template;

namespace TriOps.Infra.Tests;

/// <summary>What docs/azure.md says of cost is the formula over infra/prices.json, and the sizes are the deployed ones.</summary>
public sealed class PricesTests
{
    private static readonly JsonElement Prices = JsonDocument.Parse(Repository.Read("infra", "prices.json")).RootElement;
    private static readonly string Guide = Repository.Read("docs", "azure.md");

    [Theory]
    [InlineData("cpu", "| cpu | 4 vCPU, 8 GiB |")]
    [InlineData("T4", "| gpu, T4 | 8 vCPU, 56 GiB, 1 GPU |")]
    [InlineData("A100", "| gpu, A100 | 24 vCPU, 220 GiB, 1 GPU |")]
    public void TrainingHour_OfAProfile_IsTheFormula(string profile, string row)
    {
        var size = Prices.GetProperty("size").GetProperty(profile);
        var second = Size("vcpu") * Per("perSecond", "vcpu") + Size("gib") * Per("perSecond", "gib")
            + (profile == "cpu" ? 0 : Size("gpus") * Per("perSecond", profile));
        var hour = Prices.GetProperty("perHour").GetProperty(profile).GetString()!;

        Assert.Equal(decimal.Parse(hour, CultureInfo.InvariantCulture), Math.Round(3600 * second, hour.Split('.')[1].Length));
        Assert.Contains($"{row} {hour} |", Guide, StringComparison.Ordinal);
        Assert.Contains($"{Size("vcpu")} vCPU, {Size("gib")} GiB", row, StringComparison.Ordinal);

        int Size(string name) => size.GetProperty(name).GetInt32();
    }

    [Fact]
    public void IdleMonth_OfWhatIsDeployed_IsTheFormula()
    {
        var plain = Deployment.Plain;
        var alerts = plain.OfType("Microsoft.Insights/scheduledQueryRules").Count * Per("perMonth", "logAlert")
            + plain.OfType("Microsoft.Insights/metricAlerts").Count * Per("perMonth", "metricAlert");
        var network = Deployment.Isolated.OfType("Microsoft.Network/privateEndpoints").Count * Per("perMonth", "privateEndpoint")
            + Deployment.Isolated.OfType("Microsoft.Network/privateDnsZones").Count * Per("perMonth", "dnsZone")
            + Per("perMonth", "registryPremium") - Per("perMonth", "registryBasic");

        Assert.Equal("Basic", plain.Single("Microsoft.ContainerRegistry/registries").Text("sku", "name"));
        Assert.Equal("Premium", Deployment.Isolated.Single("Microsoft.ContainerRegistry/registries").Text("sku", "name"));
        Assert.Contains(Row("registry | Basic", Per("perMonth", "registryBasic")), Guide, StringComparison.Ordinal);
        Assert.Contains(Row("5 × log alert + 1 × metric alert", alerts), Guide, StringComparison.Ordinal);
        Assert.Contains(Row("5 × private endpoint + 7 × DNS zone + Premium registry instead of Basic", network), Guide,
            StringComparison.Ordinal);

        static string Row(string what, decimal sum) => string.Create(CultureInfo.InvariantCulture, $"{what} | {sum:0.00} |");
    }

    [Fact]
    public void IdleTimer_InTheGuide_TicksAsTheFunctionDoes()
    {
        const int Minutes = 5, RunsAMonth = 30 * 24 * 60 / Minutes;
        var memory = Deployment.Plain.Single("Microsoft.Web/sites")
            .At("properties", "functionAppConfig", "scaleAndConcurrency", "instanceMemoryMB").GetInt32() / 1024;

        Assert.Contains($"TimerTrigger(\"0 */{Minutes} * * * *\")", Repository.Read("functions", "Triggers", "MonitorTimerFunction.cs"),
            StringComparison.Ordinal);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture,
            $"every {Minutes} minutes: {RunsAMonth:N0} runs × 1 s × {memory} GB = {RunsAMonth * memory:N0} GB-s"), Guide,
            StringComparison.Ordinal);
    }

    /// <summary>Each setting of provisioning is explained.</summary>
    [Fact]
    public void Settings_OfProvisioning_AreInTheGuide()
    {
        foreach (var parameter in JsonDocument.Parse(Repository.Read("infra", "main.parameters.json")).RootElement.GetProperty("parameters")
            .EnumerateObject())
            if (parameter.Value.GetProperty("value").GetString()!.Split('{', '=', '}')[1] is var name
                && name.StartsWith("TRIOPS_", StringComparison.Ordinal) && name != "TRIOPS_BUDGET_START")
                Assert.Contains(name, Guide, StringComparison.Ordinal);
    }

    private static decimal Per(string unit, string name) =>
        decimal.Parse(Prices.GetProperty(unit).GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
