using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Settings;

namespace TriOps.Functions.Tests.Web;

/// <summary>Bodies in chunks, whose length nobody says, as the host sends them on: it writes to the end before it reads the answer, so the
/// worker may not hang up.</summary>
public sealed class BodyLimitTests : IAsyncLifetime
{
    private const int Chunk = 16_000;
    private const string Project = "/api/projects/demo";
    private readonly FunctionsApp app =
        new(new() { [SettingNames.Auth] = "none" },
        services => services.Configure<KestrelServerOptions>(o => o.Limits.MaxRequestBodySize = 100_000));

    public ValueTask InitializeAsync() => app.InitializeAsync();
    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData("PUT", Project, 40_000_000)] // The route's own limit is 1 MiB.
    [InlineData("POST", "/api/projects/demo/deployments/d/predict", 40_000_000)]
    [InlineData("PUT", "/api/projects/demo/models/m/aliases/champion", 12_000_000)] // The worker's, here 100,000 bytes.
    public async Task Body_InChunks_OverTheLimit_IsAnsweredWithAProblem(string method, string path, int bytes)
    {
        var (status, body) = await SendAsync(method, path, bytes);
        Assert.Equal(413, status);
        Assert.Equal("request-too-large", JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Body_InChunks_UnderTheLimit_IsRead()
    {
        var (status, body) = await SendAsync("PUT", Project, 3 * Chunk);
        Assert.Equal(400, status); // It is no project file.
        Assert.DoesNotContain("request-too-large", body, StringComparison.Ordinal);
    }

    private async Task<(int Status, string Body)> SendAsync(string method, string path, int bytes)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(app.Http.BaseAddress!.Host, app.Http.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
            + $"{(path == Project ? "application/yaml" : "application/json")}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
        var chunk = Encoding.ASCII.GetBytes($"{Chunk:x}\r\n{new string(' ', Chunk)}\r\n");
        for (var sent = 0; sent < bytes; sent += Chunk) await stream.WriteAsync(chunk);
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(stream);
        var answer = (await reader.ReadToEndAsync()).Split("\r\n\r\n", 2);
        var body = answer[1].Contains('{', StringComparison.Ordinal)
            ? answer[1][answer[1].IndexOf('{', StringComparison.Ordinal)..(answer[1].LastIndexOf('}') + 1)] : answer[1];
        return (int.Parse(answer[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), body);
    }
}
