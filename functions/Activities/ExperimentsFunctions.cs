using Microsoft.Azure.Functions.Worker;
using TriOps.Activities.Experiments;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;

namespace TriOps.Functions.Activities;

/// <summary>The activities of experiments.</summary>
public static class ExperimentsFunctions
{
    /// <summary>Runs <see cref="ChooseCandidate"/>: one call.</summary>
    [Function(nameof(ChooseCandidate))]
    public static Task<Candidate> ChooseCandidateAsync([ActivityTrigger] ChooseRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<ChooseCandidate, ChooseRequest, Candidate>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="EndRun"/>: one call.</summary>
    [Function(nameof(EndRun))]
    public static Task<Done> EndRunAsync([ActivityTrigger] RunEnd input, FunctionContext context) =>
        ActivityRun.RunAsync<EndRun, RunEnd, Done>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="NextTrials"/>: one call.</summary>
    [Function(nameof(NextTrials))]
    public static Task<SuggestedTrials> NextTrialsAsync([ActivityTrigger] TrialsRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<NextTrials, TrialsRequest, SuggestedTrials>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="PlanTraining"/>: one call.</summary>
    [Function(nameof(PlanTraining))]
    public static Task<PlannedRun> PlanTrainingAsync([ActivityTrigger] PlanRequest input, FunctionContext context) =>
        ActivityRun.RunAsync<PlanTraining, PlanRequest, PlannedRun>(context.InstanceServices, input, context.CancellationToken);

    /// <summary>Runs <see cref="RegisterModel"/>: one call.</summary>
    [Function(nameof(RegisterModel))]
    public static Task<RegisteredModel> RegisterModelAsync([ActivityTrigger] EvaluatedCandidate input, FunctionContext context) =>
        ActivityRun.RunAsync<RegisterModel, EvaluatedCandidate,
            RegisteredModel>(context.InstanceServices, input, context.CancellationToken);
}
