using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Serving.Tests;
using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>The inference image's program, started as its ENTRYPOINT does, against Azurite.</summary>
[Collection(Built.Name)]
public sealed class PublishedInferenceTests(PublishedImages images, AzuriteFixture azurite)
{
    private static readonly Dictionary<string, string> LocalOnly = new() { [SettingNames.Auth] = "none" };

    [Fact]
    public async Task Server_AModelInStorage_AnswersUntilItIsTerminatedAndKeepsItsLog()
    {
        var scope = azurite.NewScope();
        await using var storage = await scope.CreateAsync(s => s.AddTriOpsCore());
        var version = await storage.GetRequiredService<ModelRegistry>()
            .RegisterAsync(storage.GetRequiredService<IBlobs>(), TinyModels.Classifier(), TinyModels.Binary);
        await storage.GetRequiredService<DeploymentTable>().ServeAsync(TinyModels.Deployment, (version.Number, 100));

        using var server = images.Inference.Start(scope, LocalOnly, "--port", "0");
        using var http = new HttpClient { BaseAddress = await server.ListeningAsync() };
        using var probe = images.Inference.Start(scope, LocalOnly, "--probe", "--port", $"{http.BaseAddress.Port}");
        Assert.Equal(0, await probe.EndedAsync());
        using var answer =
            await http.PostAsJsonAsync("/api/projects/demo/deployments/tumours/predict",
            new { rows = new[] { new { radius = 2.0, texture = 1.0, site = "left" } } });
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync() + server.Output);
        var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("predictions")[0].GetProperty("id").GetString()!;

        server.Terminate();

        Assert.True(await server.EndedAsync() == 0, server.Output);
        var logged = new List<string>();
        await foreach (var record in new InferenceLog(storage.GetRequiredService<IBlobs>())
            .ReadRequestsAsync(TinyModels.Deployment, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1),
            default)) logged.Add(record.Id);
        Assert.Equal([id], logged);
        using var late = images.Inference.Start(scope, LocalOnly, "--probe", "--port", $"{http.BaseAddress.Port}");
        Assert.Equal(1, await late.EndedAsync());
    }

    [Fact]
    public async Task Server_KeyWantedButNotGiven_EndsAndSaysSo()
    {
        using var server =
            images.Inference.Start(azurite.NewScope(), new Dictionary<string, string> { [SettingNames.Auth] = "key" }, "--port", "0");
        Assert.Equal(2, await server.EndedAsync());
        Assert.Contains(SettingNames.ApiKey, server.Output, StringComparison.Ordinal);
    }
}
