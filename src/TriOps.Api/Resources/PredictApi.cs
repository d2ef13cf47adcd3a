using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Http;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Serving.Logging;
using TriOps.Serving.Predictions;

namespace TriOps.Api.Resources;

/// <summary>Predictions and what turned out to be true for them.</summary>
internal static class PredictApi
{
    private const long MaxBody = 16 << 20;

    public static void Map(IEndpointRouteBuilder api)
    {
        ((IEndpointConventionBuilder)api.MapPost("/projects/{p}/deployments/{d}/predict", Describe)
            .WithSummary("Predicts up to 10,000 rows").Accepts<PredictRequest>("application/json").Produces<PredictAnswer>()
            .WithErrors(400, 403, 404, 409, 413, 503).WithBodyLimit(MaxBody).For(RouteRole.Predictor)).Add(endpoint =>
        {
            var predict = new Lazy<PredictEndpoint>(() => new(endpoint.ApplicationServices.GetRequiredService<Predictor>()));
            RequestDelegate answer = context => predict.Value.AnswerAsync(context);
            endpoint.RequestDelegate = context => ProblemBoundary.Guard(context, answer);
        });
        api.MapCommand("/projects/{p}/deployments/{d}/feedback", Feedback,
            "Reports what turned out to be true for predictions; an id's latest report stands", RouteRole.Predictor).WithBodyLimit(MaxBody);
    }

    // What the route takes, for OpenAPI; PredictEndpoint is what runs.
    private static Task Describe(ProjectName p, DeploymentName d) => Task.CompletedTask;

    private static async Task<Accepted<FeedbackAnswer>> Feedback(ProjectName p, DeploymentName d, Body<FeedbackRequest> sent,
        DeploymentTable table, LabelWriter labels, CancellationToken ct)
    {
        var body = sent.Value;
        if (body.Labels is null)
            throw new InvalidInputException("labels-invalid", "'labels' is missing. Send {\"labels\":[{\"id\":\"…\",\"label\":\"…\"}]}.");
        await table.GetAsync(new(p, d), ct);
        await labels.WriteAsync(new(p, d), [.. body.Labels.Select(l => (l?.Id!, l?.Label!))], ct);
        return TypedResults.Accepted((string?)null, new FeedbackAnswer(body.Labels.Count));
    }

    /// <summary>Rows to predict.</summary>
    /// <param name="Rows">Column to value: numbers, booleans, texts or null; absent columns are missing values.</param>
    internal sealed record PredictRequest(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows);

    /// <summary>Answers in the rows' order.</summary>
    /// <param name="Predictions">One a row.</param>
    /// <param name="Revision">Which revision answered.</param>
    /// <param name="ModelVersion">Its model version's number.</param>
    /// <param name="Absent">Columns of the model that a row does not name, and which count as missing values; left out when every row names
    /// every one.</param>
    internal sealed record PredictAnswer(IReadOnlyList<Prediction> Predictions, int Revision, int ModelVersion,
        IReadOnlyList<string>? Absent = null);

    /// <summary>One row's answer.</summary>
    /// <param name="Id">For feedback.</param>
    /// <param name="Label">The most probable class; absent for regression.</param>
    /// <param name="Probabilities">By class; absent for regression.</param>
    /// <param name="Value">The predicted number, for regression.</param>
    internal sealed record Prediction(string Id, string? Label, IReadOnlyDictionary<string, float>? Probabilities, float? Value);

    /// <summary>What turned out to be true.</summary>
    /// <param name="Labels">1 to 10,000.</param>
    internal sealed record FeedbackRequest(IReadOnlyList<FeedbackLabel?>? Labels);

    /// <summary>The truth for one prediction.</summary>
    /// <param name="Id">The prediction's id.</param>
    /// <param name="Label">A class, or a number as text.</param>
    internal sealed record FeedbackLabel(string? Id, string? Label);

    /// <summary>Labels stored.</summary>
    internal sealed record FeedbackAnswer(int Accepted);
}
