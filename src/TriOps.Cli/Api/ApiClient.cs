using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Experiments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Api;

/// <summary>The host's HTTP routes, typed. A refusal is an <see cref="ApiException"/>; no answer is an
/// <see cref="HttpRequestException"/>.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient http;

    /// <param name="address">The host.</param>
    /// <param name="apiKey">Sent with every request to the host, and to nobody else; null for none.</param>
    public ApiClient(Uri address, string? apiKey)
    {
        Address = address;
        http = new HttpClient { BaseAddress = address };
        if (apiKey is { Length: > 0 }) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    public Uri Address { get; }

    /// <summary>Whether the host says it is ready.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken ct)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("readyz", UriKind.Relative), ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException) { return false; }
    }

    public Task<IReadOnlyList<Project>> ProjectsAsync(CancellationToken ct) => AllAsync<Project>("api/projects", ct);

    /// <summary>Creates or changes a project from the text of its triops.yaml.</summary>
    public Task<Project> ApplyProjectAsync(ProjectName project, string yaml, CancellationToken ct) =>
        SendAsync<Project>(HttpMethod.Put, $"api/projects/{project}", new StringContent(yaml, Encoding.UTF8, "application/yaml"), ct);

    public Task<Project> ProjectAsync(ProjectName project, CancellationToken ct) => GetAsync<Project>($"api/projects/{project}", ct);

    public Task<UploadLink> UploadLinkAsync(ProjectName project, DatasetName dataset, string file, CancellationToken ct) =>
        PostAsync<UploadLink>($"api/projects/{project}/datasets/{dataset}/uploads", new { file }, ct);

    public Task<IReadOnlyList<DatasetVersion>> DatasetVersionsAsync(ProjectName project, DatasetName dataset, CancellationToken ct) =>
        AllAsync<DatasetVersion>($"api/projects/{project}/datasets/{dataset}/versions", ct);

    public Task<DatasetCheckReport> CheckDatasetAsync(ProjectName project, DatasetName dataset, bool read, CancellationToken ct) =>
        GetAsync<DatasetCheckReport>($"api/projects/{project}/datasets/{dataset}/check?read={(read ? "true" : "false")}", ct);

    /// <param name="action">withdraw or delete.</param>
    public Task<DatasetVersion> ChangeVersionAsync(ProjectName project, DatasetName dataset, int number, string action, string reason,
        CancellationToken ct) =>
        PostAsync<DatasetVersion>($"api/projects/{project}/datasets/{dataset}/versions/{number}/{action}", new { reason }, ct);

    public Task<Accepted> RemoveFileAsync(ProjectName project, DatasetName dataset, string file, string? reason, CancellationToken ct) =>
        PostAsync<Accepted>($"api/projects/{project}/datasets/{dataset}/removals", new { file, reason }, ct);

    public async Task<IReadOnlyList<WorkflowInstance>> WorkflowsAsync(string prefix, int size, CancellationToken ct) =>
        (await GetAsync<Listing<WorkflowInstance>>($"api/workflows?prefix={Uri.EscapeDataString(prefix)}&size={size}", ct)).Items;

    public Task<WorkflowInstance> WorkflowAsync(string id, CancellationToken ct) =>
        GetAsync<WorkflowInstance>($"api/workflows/{Uri.EscapeDataString(id)}", ct);

    public async Task<IReadOnlyList<WorkflowStep>> StepsAsync(string id, CancellationToken ct) =>
        (await GetAsync<Listing<WorkflowStep>>($"api/workflows/{Uri.EscapeDataString(id)}/steps", ct)).Items;

    /// <summary>The caller's decision on a deployment that waits for one.</summary>
    public Task<Accepted> DecideAsync(string workflowId, bool approved, string? comment, CancellationToken ct) =>
        PostAsync<Accepted>($"api/workflows/{Uri.EscapeDataString(workflowId)}/approval", new { approved, comment }, ct);

    /// <summary>Ends a workflow and all below it.</summary>
    public Task<Accepted> TerminateAsync(string workflowId, string reason, CancellationToken ct) =>
        PostAsync<Accepted>($"api/workflows/{Uri.EscapeDataString(workflowId)}/terminate", new { reason }, ct);

    public Task<Accepted> StartRunAsync(ProjectName project, PipelineName pipeline, int? datasetVersion, CancellationToken ct) =>
        PostAsync<Accepted>($"api/projects/{project}/pipelines/{pipeline}/runs", new { datasetVersion }, ct);

    public Task<IReadOnlyList<Run>> RunsAsync(ProjectName project, CancellationToken ct) =>
        AllAsync<Run>($"api/projects/{project}/runs", ct);

    public Task<Run> RunAsync(string id, CancellationToken ct) => GetAsync<Run>($"api/runs/{Uri.EscapeDataString(id)}", ct);

    public async Task<IReadOnlyList<Trial>> TrialsAsync(string runId, CancellationToken ct) =>
        (await GetAsync<Listing<Trial>>($"api/runs/{Uri.EscapeDataString(runId)}/trials", ct)).Items;

    public Task<IReadOnlyList<ModelEntry>> ModelsAsync(ProjectName project, CancellationToken ct) =>
        AllAsync<ModelEntry>($"api/projects/{project}/models", ct);

    public Task<IReadOnlyList<ModelVersion>> ModelVersionsAsync(ProjectName project, ModelName model, CancellationToken ct) =>
        AllAsync<ModelVersion>($"api/projects/{project}/models/{model}/versions", ct);

    public Task<ModelVersion> ModelVersionAsync(ModelVersionRef version, CancellationToken ct) =>
        GetAsync<ModelVersion>($"api/projects/{version.Project}/models/{version.Model}/versions/{version.Number}", ct);

    public Task<Evaluation> EvaluationAsync(ModelVersionRef version, CancellationToken ct) =>
        GetAsync<Evaluation>($"api/projects/{version.Project}/models/{version.Model}/versions/{version.Number}/evaluation", ct);

    /// <summary>Where a version's model card is read.</summary>
    public Uri CardUrl(ModelVersionRef version) =>
        new(Address, $"api/projects/{version.Project}/models/{version.Model}/versions/{version.Number}/card");

    public async Task<IReadOnlyList<ModelAlias>> AliasesAsync(ProjectName project, ModelName model, CancellationToken ct) =>
        (await GetAsync<Listing<ModelAlias>>($"api/projects/{project}/models/{model}/aliases", ct)).Items;

    /// <summary>Points an alias at a version.</summary>
    public Task<ModelVersion> SetAliasAsync(ModelVersionRef version, string alias, CancellationToken ct) =>
        SendAsync<ModelVersion>(HttpMethod.Put,
            $"api/projects/{version.Project}/models/{version.Model}/aliases/{Uri.EscapeDataString(alias)}",
            JsonContent.Create(new { number = version.Number }, options: TriOpsJson.Options), ct);

    public Task<IReadOnlyList<Alert>> AlertsAsync(DeploymentRef deployment, CancellationToken ct) =>
        AllAsync<Alert>($"api/projects/{deployment.Project}/deployments/{deployment.Name}/alerts", ct);

    public Task<Accepted> DeployAsync(DeployBody body, CancellationToken ct) => PostAsync<Accepted>("api/deployments", body, ct);

    public Task<IReadOnlyList<Deployment>> DeploymentsAsync(ProjectName project, CancellationToken ct) =>
        AllAsync<Deployment>($"api/projects/{project}/deployments", ct);

    public Task<Deployment> DeploymentAsync(DeploymentRef deployment, CancellationToken ct) =>
        GetAsync<Deployment>($"api/projects/{deployment.Project}/deployments/{deployment.Name}", ct);

    public async Task<Predictions> PredictAsync(DeploymentRef deployment, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows,
        CancellationToken ct)
    {
        var answer = await PostAsync<JsonElement>($"api/projects/{deployment.Project}/deployments/{deployment.Name}/predict",
            new PredictBody(rows), ct);
        var absent = answer.TryGetProperty("absent", out var names) ? names.Deserialize<IReadOnlyList<string>>(TriOpsJson.Options)! : [];
        return new(answer.GetProperty("predictions").Deserialize<IReadOnlyList<Prediction>>(TriOpsJson.Options)!,
            answer.GetProperty("revision").GetInt32(), answer.GetProperty("modelVersion").GetInt32(), absent);
    }

    public Task FeedbackAsync(DeploymentRef deployment, IReadOnlyList<FeedbackLabel> labels, CancellationToken ct) =>
        PostAsync<JsonElement>($"api/projects/{deployment.Project}/deployments/{deployment.Name}/feedback", new { labels }, ct);

    public Task<Accepted> CheckAsync(DeploymentRef deployment, DateTimeOffset? from, DateTimeOffset? to, CancellationToken ct) =>
        PostAsync<Accepted>($"api/projects/{deployment.Project}/deployments/{deployment.Name}/check", new { from, to }, ct);

    public async Task<IReadOnlyList<Window>> WindowsAsync(DeploymentRef deployment, int size, CancellationToken ct) =>
        (await GetAsync<Listing<Window>>($"api/projects/{deployment.Project}/deployments/{deployment.Name}/windows?size={size}", ct)).Items;

    public Task<DriftReport> DriftReportAsync(DeploymentRef deployment, string windowId, CancellationToken ct) =>
        GetAsync<DriftReport>(
            $"api/projects/{deployment.Project}/deployments/{deployment.Name}/windows/{Uri.EscapeDataString(windowId)}/report", ct);

    public async Task<IReadOnlyList<LineageEdge>> LineageAsync(ProjectName project, LineageNode node, CancellationToken ct) =>
        (await GetAsync<Listing<LineageEdge>>(
            $"api/projects/{project}/lineage?kind={Uri.EscapeDataString(node.Kind)}&id={Uri.EscapeDataString(node.Id)}", ct)).Items;

    /// <summary>One request of the Open Inference Protocol, version 2.</summary>
    public async Task<JsonElement> InferAsync(DeploymentRef deployment, IReadOnlyList<OipTensor> inputs, CancellationToken ct) =>
        await PostAsync<JsonElement>($"v2/models/{deployment.Project}.{deployment.Name}/infer", new { inputs }, ct);

    private Task<T> GetAsync<T>(string path, CancellationToken ct) => SendAsync<T>(HttpMethod.Get, path, null, ct);

    private Task<T> PostAsync<T>(string path, object body, CancellationToken ct) =>
        SendAsync<T>(HttpMethod.Post, path, JsonContent.Create(body, options: TriOpsJson.Options), ct);

    private async Task<IReadOnlyList<T>> AllAsync<T>(string path, CancellationToken ct)
    {
        var items = new List<T>();
        string? after = null;
        do
        {
            var page = await GetAsync<Listing<T>>($"{path}?size=200{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", ct);
            items.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return items;
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var response = await http.SendAsync(request, ct);
        if (!response.IsSuccessStatusCode) throw await Problem.ReadAsync(response, ct);
        if (response.Content.Headers.ContentLength == 0) return default!;
        try { return (await response.Content.ReadFromJsonAsync<T>(TriOpsJson.Options, ct))!; }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw new ApiException((int)response.StatusCode, "answer-unreadable",
                $"{method} {path} answered something this version of triops cannot read: {e.Message} Use the same version on both sides.");
        }
    }

    public void Dispose() => http.Dispose();
}
