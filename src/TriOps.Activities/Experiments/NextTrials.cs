using System.Diagnostics;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Statistics.Search;

namespace TriOps.Activities.Experiments;

/// <summary>Writes down how trials ended, then suggests the next ones from the run's earlier ones, records them and stores their jobs'
/// specifications. A trial that has ended, or is recorded under its number, stays as it is, so a repeated call gives the same
/// trials.</summary>
public sealed class NextTrials(RunLog runs, TrialBook book, IBlobs blobs) : IActivity<TrialsRequest, SuggestedTrials>
{
    private const int Attempts = 5;

    /// <inheritdoc/>
    public static ActivityName<TrialsRequest, SuggestedTrials> Name => TrainSteps.Next;

    /// <inheritdoc/>
    public async Task<SuggestedTrials> Run(TrialsRequest input, CancellationToken ct)
    {
        foreach (var end in input.Ended) await book.EndAsync(end, ct);
        return new(input.Count == 0 ? [] : await SuggestAsync(input, ct));
    }

    private async Task<IReadOnlyList<JobRequest>> SuggestAsync(TrialsRequest input, CancellationToken ct)
    {
        var plan = await blobs.ReadJsonAsync<TrainingPlan>(ModelPaths.Plan(input.Plan), ct);
        var search = plan.Spec.Search;
        var sampler = new TpeSampler([.. search.Families.Distinct().Select(f => FamilyCatalogue.Of(f).Space)], plan.Maximise, search.Seed);
        var known = (await runs.TrialsAsync(input.RunId, ct)).ToDictionary(t => t.Number);
        var suggested = new List<JobRequest>();
        for (var number = input.First; number < input.First + input.Count; number++)
        {
            if (!known.TryGetValue(number, out var trial))
            {
                var (family, parameters) = sampler.Suggest(number, [.. known.Values.Where(t => t.Number < number)]);
                trial = await runs.AddTrialAsync(
                    new(input.RunId, number, family, parameters, RunStatus.Running, JobId(input.RunId, number)), ct);
                known[number] = trial;
            }
            await blobs.WriteJsonAsync(JobPaths.Spec(trial.JobId), Specification(trial, input, plan), WriteMode.IfAbsent, ct);
            suggested.Add(new(trial.JobId, number, search.TrialTimeout, Attempts));
        }
        return suggested;
    }

    private static JobSpec Specification(Trial trial, TrialsRequest input, TrainingPlan plan) => new(trial.JobId,
        new TrialWork(trial.RunId, trial.Number, input.Plan, trial.Family, trial.Parameters, plan.Spec.Search.Seed),
        plan.Spec.Search.TrialTimeout, Activity.Current?.Id, plan.Spec.Compute);

    /// <summary>{run}-t{number}, as long as an instance id may be.</summary>
    internal static string JobId(string runId, int number) => $"{runId}-t{number:D2}";
}
