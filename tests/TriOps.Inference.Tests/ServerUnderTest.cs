using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Settings;
using TriOps.Core.Storage;
using TriOps.Serving.Tests;
using TriOps.Testing;

namespace TriOps.Inference.Tests;

/// <summary>The composed server on a port of its own, over a corner of Azurite in which the control plane has left a deployment. Its clock
/// is the test's.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const string Predict = "/api/projects/demo/deployments/tumours/predict";

    private readonly ServiceProvider control;
    private readonly WebApplication app;

    private ServerUnderTest(ServiceProvider control, WebApplication app, FakeTimeProvider time) =>
        (this.control, this.app, Time) = (control, app, time);

    public FakeTimeProvider Time { get; }

    public HttpClient Http { get; } = new();

    /// <summary>Completes when the server has ended after <see cref="AskToEnd"/>.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public static async Task<ServerUnderTest> StartAsync(AzuriteFixture azurite, string? key = null)
    {
        var scope = azurite.NewScope();
        var control = await scope.CreateAsync(s => s.AddTriOpsCore());
        var version = await control.GetRequiredService<ModelRegistry>()
            .RegisterAsync(control.GetRequiredService<IBlobs>(), TinyModels.Classifier(), TinyModels.Binary);
        await control.GetRequiredService<DeploymentTable>().ServeAsync(TinyModels.Deployment, (version.Number, 100));

        var settings =
            new Dictionary<string, string?> { [SettingNames.Storage] = scope.ConnectionString, [SettingNames.StoragePrefix] = scope.Prefix,
            [SettingNames.ApiKey] = key };
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var server =
            new ServerUnderTest(control,
            InferenceApp.Build(InferenceSettings.Read(["--port", "0"], name => settings.GetValueOrDefault(name)), time), time);
        await server.app.StartAsync();
        server.Http.BaseAddress = new Uri($"http://127.0.0.1:{new Uri(server.app.Urls.Single()).Port}");
        server.Ended = server.app.WaitForShutdownAsync();
        return server;
    }

    /// <summary>What SIGTERM does.</summary>
    public void AskToEnd() => app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    /// <summary>Lets time pass until no new connection is taken: the notice is over, and what is open has its limit yet before
    /// it.</summary>
    public async Task UntilClosedAsync()
    {
        while (true)
        {
            Time.Advance(TimeSpan.FromMilliseconds(20));
            using var client = new TcpClient();
            try { await client.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port); }
            catch (SocketException) { return; }
        }
    }

    /// <summary>Lets time pass until the server has ended.</summary>
    public async Task UntilEndedAsync()
    {
        while (!Ended.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(Ended, Task.Delay(5));
        }
        await Ended;
    }

    /// <summary>Prediction ids in the inference log.</summary>
    public async Task<IReadOnlyList<string>> LoggedAsync()
    {
        var ids = new List<string>();
        await foreach (var record in new InferenceLog(control.GetRequiredService<IBlobs>())
            .ReadRequestsAsync(TinyModels.Deployment, DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow.AddHours(2),
            default)) ids.Add(record.Id);
        return ids;
    }

    /// <summary>A prediction whose body the server waits for: it has begun when this returns.</summary>
    public async Task<TcpClient> BeginPredictionAsync(int bodyLength)
    {
        var client = new TcpClient();
        await client.ConnectAsync(Http.BaseAddress!.Host, Http.BaseAddress.Port);
        var head = $"POST {Predict} HTTP/1.1\r\nHost: {Http.BaseAddress.Authority}\r\nContent-Type: application/json\r\nContent-Length: "
            + $"{bodyLength}\r\nExpect: 100-continue\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        var go = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await client.GetStream().ReadExactlyAsync(go); // Sent when the body is first read.
        return client;
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Http.PostAsJsonAsync(path, body);
        return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        AskToEnd();
        await UntilEndedAsync();
        await app.DisposeAsync();
        await control.DisposeAsync();
    }
}
