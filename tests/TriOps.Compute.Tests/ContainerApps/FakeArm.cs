using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TriOps.Core.Steps;

namespace TriOps.Compute.Tests;

/// <summary>The routes of Azure Resource Manager for one Container Apps job, on loopback, with what goes wrong there.</summary>
internal sealed class FakeArm : IAsyncDisposable
{
    public const string Job =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-triops/providers/Microsoft.App/jobs/caj-cpu";
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly List<(string Method, string PathEnd, Fault Fault)> faults = [];
    private readonly List<FakeExecution> executions = [];
    private readonly List<FakeRequest> requests = [];
    private WebApplication app = null!;

    private FakeArm(TimeProvider time) => this.time = time;

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>The stored job.</summary>
    public JsonNode Resource { get; set; } = JsonNode.Parse($$"""
        { "id": "{{Job}}", "name": "caj-cpu", "properties": { "configuration": { "triggerType": "Manual", "replicaTimeout": 3600, "replicaRetryLimit": 0 }, "template": {
          "containers": [ { "name": "trainer", "image": "cr.azurecr.io/trainer:7", "command": ["dotnet"], "args": ["TriOps.Trainer.dll"], "resources": { "cpu": 2, "memory": "4Gi", "ephemeralStorage": "8Gi" },
            "env": [ { "name": "TRIOPS_STORAGE", "value": "sttriops" }, { "name": "APPLICATIONINSIGHTS_CONNECTION_STRING", "secretRef": "appi" }, { "name": "TRIOPS_JOB", "value": "placeholder" } ],
            "volumeMounts": [ { "volumeName": "scratch", "mountPath": "/scratch" } ], "probes": [] } ],
          "volumes": [ { "name": "scratch", "storageType": "EmptyDir" } ] } } }
        """)!;

    /// <summary>How many times a listing leaves out an execution after its start.</summary>
    public int Lag { get; set; }

    /// <summary>Executions on one page.</summary>
    public int PageSize { get; set; } = 50;

    /// <summary>The one token that is good; null: any.</summary>
    public string? Token { get; set; }

    /// <summary>False: refuses API versions that are not stable.</summary>
    public bool KnowsPreviews { get; set; } = true;

    /// <summary>Instead of the next page's address.</summary>
    public string? NextLink { get; set; }

    /// <summary>Called with each new execution.</summary>
    public Action<FakeExecution> Started { get; set; } = _ => { };

    public IReadOnlyList<FakeExecution> Executions { get { lock (gate) return [.. executions]; } }

    public IReadOnlyList<FakeRequest> Requests { get { lock (gate) return [.. requests]; } }

    public int Count(string method, string pathEnd) =>
        Requests.Count(r => r.Method == method && r.Path.EndsWith(pathEnd, StringComparison.Ordinal));

    /// <summary>The next requests that fit meet these, one each.</summary>
    public void Next(string method, string pathEnd, params Fault[] next)
    {
        lock (gate) faults.AddRange(next.Select(f => (method, pathEnd, f)));
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Recover() { lock (gate) faults.Clear(); }

    /// <summary>An execution that somebody else started.</summary>
    public FakeExecution Add(string job, int attempt, string status = "Running") =>
        Begin(JsonNode.Parse(
            $$"""{ "containers": [ { "name": "trainer", "image": "i", "env": [ { "name": "TRIOPS_JOB", "value": "{{job}}" }, { "name": "TRIOPS_ATTEMPT", "value": "{{attempt}}" } ] } ] }""")!, status);

    public static async Task<FakeArm> StartAsync(TimeProvider time)
    {
        var arm = new FakeArm(time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        arm.app = builder.Build();
        arm.app.Run(arm.AnswerAsync);
        await arm.app.StartAsync();
        arm.Endpoint = new Uri(arm.app.Urls.First());
        return arm;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = new FakeRequest(context.Request.Method, context.Request.Path, context.Request.Query["api-version"]
            .ToString(), await reader.ReadToEndAsync(), context.Request.Headers.Authorization.ToString());
        Fault? fault = null;
        lock (gate)
        {
            requests.Add(request);
            var index = faults.FindIndex(f => f.Method == request.Method && request.Path.EndsWith(f.PathEnd, StringComparison.Ordinal));
            if (index >= 0)
            {
                fault = faults[index].Fault;
                faults.RemoveAt(index);
            }
        }
        var (status, body) = fault is { CarriedOut: false } ? (500, null) : Token is not null && request.Authorization != $"Bearer {Token}"
            ? (401, Error("ExpiredAuthenticationToken")) : Carry(request, context.Request.Query["page"]);
        if (fault is null)
        {
            context.Response.StatusCode = status;
            if (body is not null) await context.Response.WriteAsJsonAsync(body);
            return;
        }
        if (fault.Hangs) await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (fault.Status is not { } told)
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = told;
        if (fault.RetryAfter is not null) context.Response.Headers.RetryAfter = fault.RetryAfter;
        if (fault.Location is not null) context.Response.Headers.Location = fault.Location;
        if (fault.Body is not null) await context.Response.WriteAsync(fault.Body);
    }

    private (int, JsonNode?) Carry(FakeRequest request, string? page)
    {
        if (request.Version != "2025-07-01" && !KnowsPreviews) return (400, Error("InvalidApiVersionParameter"));
        if (!request.Path.StartsWith(Job, StringComparison.Ordinal)) return (404, Error("ResourceNotFound"));
        string[] rest = request.Path[Job.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, rest) switch
        {
            ("GET", []) => (200, Resource.DeepClone()),
            ("POST", ["start"]) => Start(request.Body),
            ("GET", ["executions"]) => List(int.Parse(page ?? "0", System.Globalization.CultureInfo.InvariantCulture)),
            ("GET", ["executions", var name]) => Find(name) is { } found ? (200, found.Json(request.Version != "2025-07-01"))
            : (404, Error("JobExecutionNotFound")),
            ("POST", ["executions", var name, "stop"]) => Stop(name),
            _ => (404, Error("ResourceNotFound")),
        };
    }

    private (int, JsonNode?) Start(string body)
    {
        var template = JsonNode.Parse(body)!;
        if (template["containers"] is not JsonArray { Count: > 0 } containers
            || containers.Any(c => c!["image"] is null || c["volumeMounts"] is not null)) return (400, Error("InvalidRequest"));
        return (200, new JsonObject { ["id"] = "x", ["name"] = Begin(template, "Processing").Name });
    }

    private FakeExecution Begin(JsonNode template, string status)
    {
        FakeExecution begun;
        lock (gate)
            executions.Add(
                begun = new FakeExecution($"caj-cpu-{executions.Count + 1:D3}", template, time.GetUtcNow()) { Status = status,
                HiddenFor = Lag });
        Started(begun);
        return begun;
    }

    private (int, JsonNode?) List(int page)
    {
        lock (gate)
        {
            var shown = executions.Where(e => e.HiddenFor-- <= 0).ToList();
            var list =
                new JsonObject {
                ["value"] = new JsonArray([.. shown.Skip(page * PageSize).Take(PageSize).Select(e => (JsonNode)e.Json(false))]) };
            if (NextLink is not null) list["nextLink"] = NextLink;
            else if (shown.Count > (page + 1) * PageSize) list["nextLink"] =
                $"{Endpoint.AbsoluteUri.TrimEnd('/')}{Job}/executions?api-version=2025-07-01&page={page + 1}";
            return (200, list);
        }
    }

    private (int, JsonNode?) Stop(string name)
    {
        if (Find(name) is not { } found) return (404, Error("JobExecutionNotFound"));
        if (found.IsOver) return (409, Error("JobExecutionAlreadyStopped"));
        found.End("Stopped", time.GetUtcNow());
        return (202, null);
    }

    private FakeExecution? Find(string name) => Executions.FirstOrDefault(e => e.Name == name && !e.IsGone);

    private static JsonObject Error(string code) =>
        new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = $"{code} was met." } };
}

/// <summary>What a request meets.</summary>
/// <param name="Status">Null: the connection is cut.</param>
/// <param name="CarriedOut">Whether it happens all the same.</param>
internal sealed record Fault(int? Status, bool CarriedOut = false, string? RetryAfter = null, string? Body = null, bool Hangs = false,
    string? Location = null)
{
    public static Fault AnswerLost { get; } = new(null, CarriedOut: true);
    public static Fault Cut { get; } = new((int?)null);
}

/// <summary>What came in.</summary>
internal sealed record FakeRequest(string Method, string Path, string Version, string Body, string Authorization);

/// <summary>An execution that goes where a test puts it.</summary>
internal sealed class FakeExecution(string name, JsonNode template, DateTimeOffset started)
{
    public string Name => name;
    public JsonNode Template => template;
    public DateTimeOffset Started { get; set; } = started;
    public DateTimeOffset? Ended { get; private set; }
    public string Status { get; set; } = "Processing";
    public JsonNode? Details { get; set; }
    public int HiddenFor { get; set; }
    public bool IsGone { get; set; }
    public bool IsOver => Status is "Succeeded" or "Failed" or "Stopped";

    public string? Variable(string variable) => template["containers"]![0]!["env"]!.AsArray().Where(v => (string?)v!["name"] == variable)
        .Select(v => (string?)v!["value"]).Single();

    public void End(string status, DateTimeOffset at, int? code = null, string? state = null, string? information = null)
    {
        (Status, Ended) = (status, at);
        if (code is not null || state is not null) Says(code, state, information);
    }

    /// <summary>As properties.detailedStatus shows a container.</summary>
    public void Says(int? code, string? state, string? information = null) => Details = new JsonObject
    {
        ["replicas"] =
            new JsonArray(
            new JsonObject { ["name"] = $"{name}-x",
            ["containers"] =
            new JsonArray(
            new JsonObject { ["name"] = "trainer", ["code"] = code, ["status"] = state, ["additionalInformation"] = information }) }),
    };

    public JsonObject Json(bool detailed)
    {
        var properties = new JsonObject { ["status"] = Status, ["startTime"] = Started.ToString("O"), ["template"] = template.DeepClone() };
        if (Ended is { } end) properties["endTime"] = end.ToString("O");
        if (detailed && Details is not null) properties["detailedStatus"] = Details.DeepClone();
        return new() { ["id"] = $"{FakeArm.Job}/executions/{name}", ["name"] = name, ["type"] = "Microsoft.App/jobs/executions",
            ["properties"] = properties };
    }
}
