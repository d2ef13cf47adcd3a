using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.EndToEnd.Tests;

/// <summary>A host in a process of its own, which a test may kill and start again over the same state.</summary>
/// <param name="state">Its folder.</param>
/// <param name="storage">Its storage's connection string; null: an Azurite of its own.</param>
/// <param name="program">The host's dll.</param>
internal sealed class HostUnderTest(string state, string? storage, string program) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private const int KilledExitCode = 128 + 9;
    private Process? process;

    public HttpClient Http { get; private set; } = new();

    /// <summary>The blob port of its storage: tells its trainers from those of other tests.</summary>
    public string StoragePort => storage!.Split("BlobEndpoint=http://")[1].Split("/")[0];

    /// <summary>What the host printed, over all its lives.</summary>
    public string Output { get { lock (lines) return string.Join('\n', lines); } }

    private readonly List<string> lines = [];

    /// <summary>Starts it and waits until it is ready, or, with a fault planted in it, until that has killed it.</summary>
    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])[program, "--state", state, "--port", "0", .. storage is null ? []
            : new[] { "--storage", storage }]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        Directory.CreateDirectory(state);
        File.Delete(Path.Combine(state, "host.json"));
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await EventuallyAsync(async () =>
        {
            if (process.HasExited && process.ExitCode == KilledExitCode && environment is not null) return true;
            if (process.HasExited) throw new InvalidOperationException($"The host ended with code {process.ExitCode}:\n{Output}");
            var file = Path.Combine(state, "host.json");
            if (!File.Exists(file)) return false;
            var url = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("url").GetString()!;
            Http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
            return (await Http.GetAsync("/readyz")).IsSuccessStatusCode;
        }, "the host is ready");
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: it ends in order.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
    }

    /// <summary>True once the process has ended.</summary>
    public bool HasExited => process!.HasExited;

    public async Task<T> GetAsync<T>(string url) => (await Http.GetFromJsonAsync<T>(url, TriOpsJson.Options))!;

    /// <summary>Puts a project's file and one CSV as a user would: the API for the first, a plain blob PUT for the second.</summary>
    public async Task PushAsync(string project, string yaml, string dataset, string file, byte[] csv)
    {
        (await Http.PutAsync($"/api/projects/{project}", new StringContent(yaml))).EnsureSuccessStatusCode();
        await UploadAsync(project, dataset, file, csv);
    }

    /// <summary>Puts a CSV through an upload link.</summary>
    public async Task UploadAsync(string project, string dataset, string file, byte[] csv)
    {
        var answer = await Http.PostAsJsonAsync($"/api/projects/{project}/datasets/{dataset}/uploads", new { file });
        answer.EnsureSuccessStatusCode();
        var url = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").GetString();
        using var blob = new HttpRequestMessage(HttpMethod.Put, url) { Content = new ByteArrayContent(csv) };
        blob.Headers.Add("x-ms-blob-type", "BlockBlob");
        using var plain = new HttpClient();
        (await plain.SendAsync(blob)).EnsureSuccessStatusCode();
    }

    /// <summary>The only instance whose id starts so, once it has ended. While the host is down the question is asked again.</summary>
    public async Task<WorkflowInstance> EndedAsync(string prefix)
    {
        WorkflowInstance? found = null;
        await EventuallyAsync(async () => (found = (await FindAsync(prefix)).SingleOrDefault()) is { IsEnded: true },
            $"a workflow {prefix}… has ended");
        return found!;
    }

    /// <summary>Instances whose id starts so; empty while the host does not answer.</summary>
    public async Task<IReadOnlyList<WorkflowInstance>> FindAsync(string prefix)
    {
        try
        {
            var page = await GetAsync<JsonElement>($"/api/workflows?size=200&prefix={Uri.EscapeDataString(prefix)}");
            return page.GetProperty("items").Deserialize<List<WorkflowInstance>>(TriOpsJson.Options)!;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException) { return []; }
    }

    /// <summary>Asks until it is so.</summary>
    public async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        var began = Stopwatch.StartNew();
        while (true)
        {
            try { if (await condition()) return; }
            catch (HttpRequestException) { /* Between two lives. */ }
            if (began.Elapsed > Patience) throw new TimeoutException($"Not within {Patience}: {what}. The host said:\n{Output}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (process is null) return;
        if (!process.HasExited) await KillAsync();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null) lock (lines) lines.Add(line);
    }
}
