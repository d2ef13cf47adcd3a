using System.Text.Json;
using TriOps.Infra.Tests.Tools;

namespace TriOps.Infra.Tests.Template;

/// <summary>The compiled template: what it takes and what it gives back.</summary>
public sealed class OutputsTests
{
    private static readonly Lazy<Task<CommandResult>> Built =
        new(() => Bicep.RunAsync(Repository.Root, "build", "infra/main.bicep", "--stdout"));

    [Fact]
    public async Task Template_Compiled_GivesNoSecretAndKeepsItsOwn()
    {
        var built = await Built.Value;
        using var template = JsonDocument.Parse(built.Output);

        // Keys and signatures come from list…() calls; none is made, in an output or elsewhere.
        Assert.DoesNotContain("[list", built.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("listKeys(", built.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", built.Errors);
        var secure = Parameters(template.RootElement).Where(p => p.Value.GetProperty("type").GetString() == "securestring")
            .Select(p => p.Name).ToList();
        Assert.Equal(["apiKey"], secure);
        foreach (var output in template.RootElement.GetProperty("outputs").EnumerateObject())
        {
            Assert.Matches("^(AZURE|TRIOPS)_[A-Z_]+$", output.Name);
            Assert.DoesNotContain("apiKey", output.Value.ToString(), StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>azd asks for what has neither value nor default, and an empty default would blank a Bicep default out.</summary>
    [Fact]
    public async Task Parameters_OfAzd_AreTheTemplates()
    {
        var built = await Built.Value;
        using var template = JsonDocument.Parse(built.Output);
        using var file = JsonDocument.Parse(Repository.Read("infra", "main.parameters.json"));
        var given = file.RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetProperty("value").GetString()!);

        var parameters = Parameters(template.RootElement).ToList();
        Assert.Equal(parameters.Select(p => p.Name).Where(n => n != "thisMonth").Order(StringComparer.Ordinal),
            given.Keys.Order(StringComparer.Ordinal));
        foreach (var parameter in parameters.Where(p => p.Name != "thisMonth" && p.Value.TryGetProperty("defaultValue", out _)))
        {
            var text = given[parameter.Name];
            var fallback = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..^1];
            var standard = parameter.Value.GetProperty("defaultValue");
            if (standard.ToString() is var value && !value.StartsWith('['))
                Assert.Equal(value, fallback, ignoreCase: standard.ValueKind is JsonValueKind.True or JsonValueKind.False);
        }
    }

    /// <summary>
    /// azd asks for a region among these, so that nobody chooses one without the plan. Source: infra/main.bicep of
    /// Azure-Samples/functions-quickstart-dotnet-azd (without eastus2euap, which is for canaries); italynorth and westus3 as
    /// 'az functionapp list-flexconsumption-locations' names them.
    /// </summary>
    [Fact]
    public async Task Regions_ToChooseFrom_HaveTheFlexPlan()
    {
        string[] quickstart =
        [
            "australiaeast", "centralindia", "centralus", "eastasia", "eastus", "eastus2", "francecentral", "germanywestcentral",
            "northcentralus", "northeurope",
            "southcentralus", "southeastasia", "swedencentral", "uksouth", "westcentralus", "westeurope", "westus2",
        ];
        using var template = JsonDocument.Parse((await Built.Value).Output);
        var location = Parameters(template.RootElement).Single(p => p.Name == "location").Value;

        var allowed = location.GetProperty("allowedValues").EnumerateArray().Select(v => v.GetString());
        Assert.Equal(quickstart.Concat(["italynorth", "westus3"]).Order(StringComparer.Ordinal), allowed);
        Assert.Equal("location", location.GetProperty("metadata").GetProperty("azd").GetProperty("type").GetString());
        var containers = Parameters(template.RootElement).Single(p => p.Name == "gpuLocation").Value;
        Assert.False(containers.TryGetProperty("allowedValues", out _)); // They have regions of their own.
    }

    private static JsonElement.ObjectEnumerator Parameters(JsonElement template) => template.GetProperty("parameters").EnumerateObject();
}
