using Microsoft.AspNetCore.Routing;

namespace TriOps.Api.Tests.OpenApi;

/// <summary>What is written down in src/TriOps.Api describes the routes.</summary>
public sealed class OpenApiDocumentTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public Task Document_WrittenDown_IsThatOfEveryRoute() => HoldAsync("openapi.json", ApiServices.MapTriOpsApi);

    [Fact]
    public Task Document_OfServingWrittenDown_IsThatOfItsRoutes() => HoldAsync("openapi-serving.json", ApiServices.MapTriOpsServing);

    [Fact]
    public async Task Document_Asked_IsTheOneWrittenDown()
    {
        var answer = await api.GetAsync("/openapi/v1.json");
        Assert.Equal((await File.ReadAllTextAsync(PathOf("openapi.json")), "application/json"), (answer.Text, answer.MediaType));
    }

    private static async Task HoldAsync(string name, Action<IEndpointRouteBuilder> map)
    {
        var live = await LiveDocument.MakeAsync(map);
        if (Environment.GetEnvironmentVariable("TRIOPS_RECORD") == "1") await File.WriteAllTextAsync(PathOf(name), live);
        var written = await File.ReadAllTextAsync(PathOf(name));
        Assert.True(live == written,
            $"src/TriOps.Api/{name} is not what the routes are. Write it anew: TRIOPS_RECORD=1 dotnet test tests/TriOps.Api.Tests, and "
            + $"look at what changed.");
    }

    private static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Functions.sln")))
                return Path.Combine(folder.FullName, "src", "TriOps.Api", name);
        throw new DirectoryNotFoundException($"No Functions.sln above {AppContext.BaseDirectory}.");
    }
}
