using System.Text.Json;
using TriOps.Core.Names;
using TriOps.Core.Projects;

namespace TriOps.Cli.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">Continues the list, or null at its end.</param>
internal sealed record Listing<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A command that goes on after its answer.</summary>
internal sealed record Accepted(string WorkflowId, string? RunId = null, string? WindowId = null);

/// <summary>Where to put an upload's bytes.</summary>
internal sealed record UploadLink(Uri Url);

/// <summary>Asks for a deployment; null leaves the choice to the pipeline's file.</summary>
internal sealed record DeployBody(ProjectName Project, ModelName Model, string Version, DeploymentName? Deployment, string? Strategy);

/// <summary>Rows to predict: column to number, text or null.</summary>
internal sealed record PredictBody(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows);

/// <summary>One answer: a class with probabilities, or a value.</summary>
internal sealed record Prediction(string Id, string? Label, IReadOnlyDictionary<string, double>? Probabilities, double? Value);

/// <summary>Answers in the rows' order.</summary>
/// <param name="Items">One a row.</param>
/// <param name="Revision">Which revision answered.</param>
/// <param name="ModelVersion">Its model version's number.</param>
/// <param name="Absent">Columns of the model that a row lacked, and which counted as missing values.</param>
internal sealed record Predictions(IReadOnlyList<Prediction> Items, int Revision, int ModelVersion, IReadOnlyList<string> Absent);

/// <summary>What turned out to be true for a prediction.</summary>
internal sealed record FeedbackLabel(string Id, string Label);

/// <summary>A tensor of the Open Inference Protocol, version 2.</summary>
internal sealed record OipTensor(string Name, IReadOnlyList<long> Shape, string Datatype, JsonElement Data);

/// <summary>An answer of the Open Inference Protocol, version 2.</summary>
internal sealed record OipAnswer(string ModelName, string? ModelVersion, IReadOnlyList<OipTensor> Outputs);
