using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Models;
using TriOps.Core.Projects;
using TriOps.Core.Workflows;

namespace TriOps.Core.Steps;

/// <summary>The workflow in which every training ends: its best model is chosen, evaluated, held against the gate, registered, and brought
/// into service.</summary>
public static class ReleaseSteps
{
    /// <summary>The whole of it.</summary>
    public static readonly WorkflowName<ReleaseRequest, ReleaseResult> Workflow = new("ReleaseCandidate");

    /// <summary>The best trial whose exported graph reproduces the trainer's outputs on held-out rows, and the champion it is held
    /// against.</summary>
    public static readonly ActivityName<ChooseRequest, Candidate> Choose = new("ChooseCandidate", Retry.Standard);
    /// <summary>Measures candidate and champion on the test rows, on all of them and slice by slice, and stores the evaluation.</summary>
    public static readonly ActivityName<Candidate, EvaluatedCandidate> Evaluate = new("EvaluateCandidate", Retry.Standard);
    /// <summary>Asks the gate, registers the version with card, baseline, lineage and audit, and closes the run. Idempotent by
    /// run.</summary>
    public static readonly ActivityName<EvaluatedCandidate, RegisteredModel> Register = new("RegisterModel", Retry.Standard);
}

/// <summary>Asks for the release of a run's best model.</summary>
/// <param name="RunId">Which run.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Deploy">Where a version that passes goes, or null.</param>
/// <param name="RequestedBy">Who asked for the run; null when nobody did.</param>
public sealed record ReleaseRequest(string RunId, ContentId Plan, DeploySpec? Deploy, string? RequestedBy = null)
{
    /// <summary>{run}-release: a run releases one model.</summary>
    public string InstanceId => IdOf(RunId);

    /// <summary>The id that a run's release has.</summary>
    public static string IdOf(string runId) => $"{runId}-release";
}

/// <summary>What was released.</summary>
/// <param name="Version">The registered version.</param>
/// <param name="Gate">The verdict.</param>
/// <param name="Deployment">What came of deploying it, or null when it was not.</param>
public sealed record ReleaseResult(ModelVersionRef Version, GateVerdict Gate, DeployResult? Deployment);

/// <summary>Input of <see cref="ReleaseSteps.Choose"/>.</summary>
public sealed record ChooseRequest(string RunId, ContentId Plan);

/// <summary>The trial to evaluate, and against whom.</summary>
/// <param name="RunId">Of which run.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Trial">Its number.</param>
/// <param name="Champion">The champion's version number, or null.</param>
public sealed record Candidate(string RunId, ContentId Plan, int Trial, int? Champion);

/// <summary>A candidate with its evaluation.</summary>
/// <param name="Candidate">Which.</param>
/// <param name="Evaluation">Address of the <see cref="Evaluations.Evaluation"/>.</param>
/// <param name="Rows">Test rows it was measured on.</param>
/// <param name="Slices">Into how many slices they were cut, all of them together included.</param>
public sealed record EvaluatedCandidate(Candidate Candidate, ContentId Evaluation, int Rows, int Slices);

/// <summary>A registered version.</summary>
public sealed record RegisteredModel(ModelVersionRef Version, GateVerdict Verdict);
