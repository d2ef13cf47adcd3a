using TriOps.Core;
using TriOps.Core.Compute;
using TriOps.Core.Names;

namespace TriOps.Testing.Fakes;

/// <summary>A compute target that runs nothing: attempts stand where the test puts them.</summary>
public sealed class FakeCompute : IComputeTarget
{
    /// <summary>Attempts in order of starting, each once.</summary>
    public List<(string JobId, int Attempt)> Started { get; } = [];

    /// <summary>Attempts that were asked to stop.</summary>
    public List<(string JobId, int Attempt)> Stopped { get; } = [];

    /// <summary>What <see cref="StateAsync"/> says; attempts that were started and are not here run.</summary>
    public Dictionary<(string JobId, int Attempt), AttemptState> States { get; } = [];

    /// <summary>What <see cref="IComputeTarget.ReportAsync"/> says instead of the state.</summary>
    public Dictionary<(string JobId, int Attempt), AttemptReport> Reports { get; } = [];

    /// <summary>What attempts took; those that are not here are not counted.</summary>
    public Dictionary<(string JobId, int Attempt), AttemptBill> Bills { get; } = [];

    /// <summary>The profiles there are; null: any.</summary>
    public IReadOnlyList<ProfileName>? Profiles { get; set; }

    /// <summary>Runs before each answer of <see cref="StateAsync"/>.</summary>
    public Func<Task> BeforeState { get; set; } = () => Task.CompletedTask;

    public void RequireProfile(ProfileName profile)
    {
        if (Profiles?.Contains(profile) == false)
            throw new InvalidInputException("compute-profile-unknown", $"There is no compute profile '{profile}' here.");
    }

    public Task StartAsync(string jobId, int attempt, CancellationToken ct)
    {
        if (!Started.Contains((jobId, attempt))) Started.Add((jobId, attempt));
        return Task.CompletedTask;
    }

    public async Task<AttemptState> StateAsync(string jobId, int attempt, CancellationToken ct)
    {
        await BeforeState();
        return States.TryGetValue((jobId, attempt), out var state) ? state : Started.Contains((jobId, attempt)) ? AttemptState.Running
            : AttemptState.Unknown;
    }

    public async Task<AttemptReport> ReportAsync(string jobId, int attempt, CancellationToken ct)
    {
        var state = await StateAsync(jobId, attempt, ct);
        return Reports.GetValueOrDefault((jobId, attempt)) ?? new(state);
    }

    public Task<AttemptBill?> BillAsync(string jobId, int attempt, double measured, CancellationToken ct) =>
        Task.FromResult(Bills.GetValueOrDefault((jobId, attempt)));

    public Task StopAsync(string jobId, int attempt, CancellationToken ct)
    {
        Stopped.Add((jobId, attempt));
        if (Started.Contains((jobId, attempt))) States[(jobId, attempt)] = AttemptState.Ended;
        return Task.CompletedTask;
    }
}
