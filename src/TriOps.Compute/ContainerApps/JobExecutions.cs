using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TriOps.Core;

namespace TriOps.Compute;

/// <summary>The routes of Azure Resource Manager for executions of a job.</summary>
/// <remarks>Source: REST specification of Microsoft.App, Jobs.json, 2025-07-01.</remarks>
internal sealed class JobExecutions(ArmCalls arm, ILogger<JobExecutions> log)
{
    /// <summary>The stable version, in every region.</summary>
    public const string Stable = "2025-07-01";
    /// <summary>Also shows what became of the containers. Where it is refused, the stable one is used.</summary>
    public const string Detailed = "2025-02-02-preview";
    private const int MaxPages = 200;
    private volatile bool detailsRefused;

    /// <summary>Fresh waits for an operation.</summary>
    public Patience For(TimeSpan limit) => arm.For(limit);

    /// <summary>The body that starts an attempt, from the job as it is now.</summary>
    public async Task<string> TemplateAsync(string job, JobKey key, Patience patience, CancellationToken ct)
    {
        var answer = await arm.SendAsync(HttpMethod.Get, Path(job), patience, ct);
        return ExecutionTemplate.For(Accepted(answer, job).Body ?? throw Refused(answer, job), key);
    }

    /// <summary>The job's replica time-out; null: not said.</summary>
    public async Task<TimeSpan?> TimeoutAsync(string job, Patience patience, CancellationToken ct)
    {
        var answer = await arm.SendAsync(HttpMethod.Get, Path(job), patience, ct);
        return answer is { IsSuccess: true, Body: { } body }
            && Execution.Part(Execution.Part(Execution.Part(body, "properties"), "configuration"), "replicaTimeout")
            is { ValueKind: JsonValueKind.Number } limit
            && limit.TryGetInt32(out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>Asks once for an execution. The answer may be lost; see <see cref="StartAnswer"/>.</summary>
    public async Task<StartAnswer> StartAsync(string job, string template, CancellationToken ct)
    {
        var answer = await arm.OnceAsync(HttpMethod.Post, Path($"{job}/start"), template, ct);
        if (answer.IsSuccess)
        {
            var name = answer.Body is { } body ? Execution.Text(body, "name") : null;
            return new(Execution.IsName(name) ? name : null, MayExist: true, answer);
        }
        // 409: the job is being changed, or another operation on it is under way.
        if (answer.IsTransient || answer.Status == HttpStatusCode.Conflict) return new(null, MayExist: answer.IsLost, answer);
        throw Refused(answer, job);
    }

    /// <summary>One execution, or null when ARM does not know it.</summary>
    /// <param name="job">ARM id.</param>
    /// <param name="name">Of the execution.</param>
    /// <param name="detailed">Whether the containers' fate is wanted, too.</param>
    /// <param name="patience">For repeating.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Execution?> FindAsync(string job, string name, bool detailed, Patience patience, CancellationToken ct)
    {
        var version = detailed && !detailsRefused ? Detailed : Stable;
        var answer = await arm.SendAsync(HttpMethod.Get, Path($"{job}/executions/{name}", version), patience, ct);
        if (version == Detailed && answer.Status == HttpStatusCode.BadRequest)
        {
            log.LogWarning("Azure Resource Manager refuses {Version} ({Answer}); why executions end is told from their times and "
                + "exit codes only", Detailed, answer.Describe());
            detailsRefused = true;
            answer = await arm.SendAsync(HttpMethod.Get, Path($"{job}/executions/{name}"), patience, ct);
        }
        if (answer.Status == HttpStatusCode.NotFound) return null;
        return Accepted(answer, job).Body is { } body && Execution.Read(body) is { } found && found.Name == name ? found : null;
    }

    /// <summary>Every execution of the job whose environment names the attempt.</summary>
    public async Task<IReadOnlyList<Execution>> OfAttemptAsync(string job, JobKey key, Patience patience, CancellationToken ct)
    {
        var found = new List<Execution>();
        var next = Path($"{job}/executions");
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await arm.SendAsync(HttpMethod.Get, next, patience, ct);
            var body = Accepted(answer, job).Body ?? throw Refused(answer, job);
            found.AddRange(Execution.Items(body, "value").Select(Execution.Read).OfType<Execution>().Where(e => e.Job == key));
            if (Execution.Text(body, "nextLink") is not { Length: > 0 } link) return [.. found.DistinctBy(e => e.Name)];
            var uri = arm.Uri(link);
            if (!uri.AbsolutePath.StartsWith($"{job}/executions", StringComparison.OrdinalIgnoreCase))
                throw new TriOpsException("arm-link",
                    $"The next page of the executions of {job} is said to be at {HostileText.Line(uri.AbsolutePath)}, which is something "
                    + $"else; it is not followed.");
            next = uri.PathAndQuery;
        }
        throw new TriOpsException("arm-pages", $"The executions of {job} have more than {MaxPages} pages, or no end.");
    }

    /// <summary>Stops an execution. Returns when ARM has taken it, or there is nothing to stop any more.</summary>
    public async Task StopAsync(string job, string name, Patience patience, CancellationToken ct)
    {
        while (true)
        {
            var answer = await arm.SendAsync(HttpMethod.Post, Path($"{job}/executions/{name}/stop"), patience, ct);
            if (answer.IsSuccess || answer.Status == HttpStatusCode.NotFound) return;
            if (answer.Status is not (HttpStatusCode.Conflict or HttpStatusCode.BadRequest)) throw Refused(answer, job);
            // Over already, or another operation on it is under way.
            if (await FindAsync(job, name, detailed: false, patience, ct) is not { IsOver: false }) return;
            if (!await patience.WaitAsync(answer.RetryAfter, ct))
                throw new ComputeUnavailableException($"the stop of {name}", answer.Describe());
        }
    }

    private static string Path(string resource, string version = Stable) => $"{resource}?api-version={version}";

    private static ArmAnswer Accepted(ArmAnswer answer, string job) => answer.IsSuccess ? answer : throw Refused(answer, job);

    private static InvalidInputException Refused(ArmAnswer answer, string job) => answer.Status switch
    {
        HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized => new("compute-forbidden",
            $"Azure Resource Manager refuses: {answer.Describe()}. The app's identity needs the role Container Apps Jobs Operator on "
            + $"{job}; 'azd provision' assigns it, which takes effect within minutes."),
        HttpStatusCode.NotFound =>
        new("compute-job-missing",
        $"There is no Container Apps job {job} ({answer.Describe()}). Correct {Core.Settings.SettingNames.ComputeProfiles}, or deploy it "
        + $"('azd provision')."),
        _ => new("compute-refused",
        $"Azure Resource Manager refuses what it was asked of {job}: {answer.Describe()}. Trying again will not help; the job's image, "
        + $"environment and secrets are set by 'azd provision' and 'azd deploy'."),
    };
}

/// <summary>What came of asking for an execution.</summary>
/// <param name="Name">Of the execution; null: it is not known.</param>
/// <param name="MayExist">An execution may have been made.</param>
/// <param name="Answer">What was said.</param>
internal sealed record StartAnswer(string? Name, bool MayExist, ArmAnswer Answer);
