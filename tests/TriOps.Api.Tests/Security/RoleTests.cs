using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using TriOps.Core.Content;
using TriOps.Core.Datasets;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Serving.Tests;
using TriOps.Testing.Fakes;

namespace TriOps.Api.Tests.Security;

/// <summary>Every role on every route.</summary>
public sealed partial class RoleTests : IAsyncLifetime
{
    /// <summary>Routes whose address names no project, so that the handler asks: what each is called with.</summary>
    private static readonly Dictionary<string, string> HandlerDecides = new()
    {
        ["GET /api/runs/{id}"] = "train-1", ["GET /api/runs/{id}/trials"] = "train-1",
            ["GET /api/runs/{id}/trials/{n:int}/metrics"] = "train-1",
        ["GET /api/workflows/{id}"] = "job-1", ["GET /api/workflows/{id}/steps"] = "job-1",
        ["POST /api/workflows/{id}/terminate"] = "job-1", ["POST /api/workflows/{id}/approval"] = "job-1",
        ["POST /api/deployments"] = "", ["GET /api/audit"] = "",
    };

    /// <summary>Lists over all projects: they leave out what the caller may not see.</summary>
    private static readonly string[] Filtered = ["GET /api/projects", "GET /api/workflows"];

    private readonly ApiHost api = Keys.Host();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        var data = new DatasetVersionRef(TinyModels.Project, DatasetName.Parse("tumours"), 1);
        await api.Get<RunLog>()
            .StartAsync(
            new Run("train-1", TinyModels.Project, PipelineName.Parse("diagnosis"), data, RunReason.Upload, RunStatus.Running, 1,
            ContentId.OfBytes("x"u8), DateTimeOffset.UnixEpoch), default);
        var workflows = api.Get<FakeWorkflows>();
        await workflows.StartAsync(TrainSteps.Workflow,
            new TrainRequest(TinyModels.Project, PipelineName.Parse("diagnosis"), data, RunReason.Upload), "train-1", default);
        await workflows.StartAsync(JobSteps.Workflow, new JobRequest("job-1", 0, TimeSpan.FromMinutes(1)), "job-1", default);
        workflows.Instances["job-1"] = workflows.Instances["job-1"] with { ParentId = "train-1" };
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public void EveryRoute_SaysWhoMayUseIt() =>
        Assert.Empty(api.Routes.Where(r => r.Metadata.GetMetadata<RouteRole>() is null).Select(r => r.RoutePattern.RawText));

    /// <summary>What changes something is not for readers; the list is written out so that a new route is looked at.</summary>
    [Fact]
    public void EveryChange_WantsTheRoleThatFitsIt() => Assert.Equal(
    [
        "POST /api/deployments: Contributor",
        "POST /api/projects/{p}/datasets/{d}/removals: Contributor",
        "POST /api/projects/{p}/datasets/{d}/uploads: Contributor",
        "POST /api/projects/{p}/datasets/{d}/versions/{n:int}/delete: Contributor",
        "POST /api/projects/{p}/datasets/{d}/versions/{n:int}/withdraw: Contributor",
        "POST /api/projects/{p}/deployments/{d}/check: Contributor",
        "POST /api/projects/{p}/deployments/{d}/feedback: Predictor",
        "POST /api/projects/{p}/deployments/{d}/predict: Predictor",
        "POST /api/projects/{p}/pipelines/{pl}/runs: Contributor",
        "POST /api/workflows/{id}/approval: Approver",
        "POST /api/workflows/{id}/terminate: Contributor",
        "POST /v2/models/{model}/infer: Predictor",
        "POST /v2/models/{model}/versions/{version}/infer: Predictor",
        "PUT /api/projects/{p}/models/{m}/aliases/{alias}: Contributor",
        "PUT /api/projects/{p}: Contributor",
    ], Named().Where(r => !r.Name.StartsWith("GET ", StringComparison.Ordinal)).Select(r => $"{r.Name}: {r.Role}")
    .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("reader")]
    [InlineData("contributor")]
    [InlineData("approver")]
    [InlineData("predictor")]
    public async Task EveryRoute_AskedWithARole_IsAnsweredToThatRoleAlone(string word)
    {
        Assert.True(Grant.TryParse(word, out var grant));
        foreach (var (name, role) in Named())
        {
            var answer = await AskAsync(name, Keys.With(word));
            var allowed = role is not { } wanted || grant.Holds(wanted);
            Assert.True(answer.Status == HttpStatusCode.Forbidden != allowed,
                $"{name} answered a {word} with {(int)answer.Status}: {answer.Text}");
            if (!allowed && answer.MediaType == "application/problem+json") answer.IsProblem(403, "role-missing");
        }
    }

    [Fact]
    public async Task EveryRoute_AskedWithARoleOnAnotherProject_TellsNothingOfThisOne()
    {
        foreach (var (name, role) in Named())
        {
            if (role is not { } wanted) continue;
            var answer = await AskAsync(name, Keys.With($"{wanted}:other".ToLowerInvariant()));
            if (Filtered.Contains(name)) Assert.Equal((HttpStatusCode.OK, 0), (answer.Status, answer["items"].GetArrayLength()));
            else Assert.True(answer.Status == HttpStatusCode.Forbidden,
                $"{name} answered a {wanted} of another project with {(int)answer.Status}: {answer.Text}");
        }
    }

    [Fact]
    public void EveryRoute_WhoseAddressNamesNoProject_IsOneThatTheHandlerDecides() =>
        Assert.Equal(Named()
            .Where(r => r.Role is not null && !r.Name.Contains("{p}", StringComparison.Ordinal)
            && !r.Name.Contains("{model}", StringComparison.Ordinal)).Select(r => r.Name).Order(),
            HandlerDecides.Keys.Concat(Filtered).Order());

    [Fact]
    public async Task Lists_OverAllProjects_ShowThoseTheCallerMayRead()
    {
        Assert.Equal(["demo"], (await api.GetAsync("/api/projects", Keys.With("contributor:demo")))["items"].EnumerateArray()
            .Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(2, (await api.GetAsync("/api/workflows", Keys.With("approver:demo")))["items"].GetArrayLength());
    }

    [Fact]
    public async Task Refusal_ForWantOfARole_SaysWhichAndWhatTheCallerHas()
    {
        var refused = await api.PostAsync("/api/projects/demo/pipelines/diagnosis/runs", "{}", Keys.With("contributor:other"));
        refused.IsProblem(403, "role-missing");
        Assert.Contains("This wants the role contributor on project 'demo'; 'key:contributor-other' has contributor:other.",
            refused["detail"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnersKey_Always_MayDoEverything()
    {
        foreach (var (name, _) in Named())
            Assert.NotEqual(HttpStatusCode.Forbidden, (await AskAsync(name, ("x-api-key", Keys.Owner))).Status);
    }

    private Task<Answer> AskAsync(string name, (string, string) key)
    {
        var (method, pattern) = (new HttpMethod(name.Split(' ')[0]), name.Split(' ')[1]);
        var path = Parameter().Replace(pattern, m => m.Groups[1].Value switch
        {
            "p" => "demo", "d" => "tumours", "model" => "demo.tumours", "n" or "version" => "1", "m" or "pl" => "diagnosis", "id" =>
                HandlerDecides.GetValueOrDefault(name) ?? "w1", _ => "challenger",
        });
        var body = name switch
        {
            "POST /api/deployments" => """{"project":"demo","model":"diagnosis","version":1}""",
            "POST /api/workflows/{id}/approval" => """{"approved":true}""",
            _ => method == HttpMethod.Get ? null : "{}",
        };
        return api.SendAsync(method, path, body, name == "PUT /api/projects/{p}" ? "application/yaml" : "application/json", key);
    }

    private IEnumerable<(string Name, Role? Role)> Named() =>
        from route in api.Routes
        from method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method != "HEAD"
        select ($"{method} {route.RoutePattern.RawText!.TrimEnd('/')}", route.Metadata.GetMetadata<RouteRole>()!.Role);

    [GeneratedRegex(@"\{(\w+)(:\w+)?\}")]
    private static partial Regex Parameter();
}
