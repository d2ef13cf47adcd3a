using System.Text;
using TriOps.Core.Content;
using TriOps.Core.Experiments;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Orchestrations;

/// <summary>Holds a deployment's recent traffic against what its model was trained on, and retrains where the policy says so.</summary>
public sealed class CheckDeployment : IOrchestration<CheckRequest, CheckResult>
{
    /// <inheritdoc/>
    public static WorkflowName<CheckRequest, CheckResult> Name => MonitorSteps.Workflow;

    /// <inheritdoc/>
    public async Task<CheckResult> Run(IWorkflow workflow, CheckRequest request)
    {
        Report(workflow, "compare", $"Reading what {request.Deployment} was asked from {request.From:u} to {request.To:u}.", 0);
        var verdict = await workflow.Call(MonitorSteps.Compare, request);

        Report(workflow, "respond", verdict.Window.Drifted
            ? $"{verdict.MovedColumns.Count} columns moved in {verdict.Window.Rows} predictions."
            : $"{verdict.Window.Rows} predictions: no drift.", 0.3);
        var response = await workflow.Call(MonitorSteps.Respond, verdict);

        IReadOnlyList<TrainResult> retrained = [];
        try { retrained = await Retrain(workflow, request, verdict, response); }
        catch (StepFailedException e)
        {
            response = response with { Message = $"{response.Message} Retraining failed: {e.Failure.Message}" };
        }

        Report(workflow, "done", response.Message, 1);
        return new(request.WindowId, verdict.Window.Drifted, response, retrained);
    }

    private static async Task<IReadOnlyList<TrainResult>> Retrain(IWorkflow workflow, CheckRequest request, WindowVerdict verdict,
        Response response)
    {
        switch (response.Kind)
        {
            case ResponseKind.RetrainWithFeedback:
                Report(workflow, "feedback", $"Adding {verdict.Window.Labelled} labelled predictions to the dataset.", 0.4);
                var feedback = await workflow.Call(MonitorSteps.CollectFeedback, verdict);
                Report(workflow, "ingest", $"Ingesting {feedback.Source.File}, and training on it.", 0.5);
                return (await workflow.CallWorkflow(IngestSteps.Workflow, feedback, feedback.ChildId(workflow.InstanceId))).Trained;
            case ResponseKind.Retrain when response.Train is { } train:
                Report(workflow, "train", $"Training {train.Pipeline} on {train.Data} again.", 0.5);
                return [await workflow.CallWorkflow(TrainSteps.Workflow, train,
                    train.InstanceId($"drift-{ContentId.OfBytes(Encoding.UTF8.GetBytes(request.InstanceId)).Hex[..8]}"))];
            default:
                return [];
        }
    }

    private static void Report(IWorkflow workflow, string phase, string message, double progress) =>
        workflow.SetStatus(new WorkflowProgress(phase, message, progress));
}
