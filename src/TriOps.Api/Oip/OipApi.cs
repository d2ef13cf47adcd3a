using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using TriOps.Api.Http;
using TriOps.Api.Resources;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Serving.Predictions;
using TriOps.Serving.Routing;

namespace TriOps.Api.Oip;

/// <summary>The Open Inference Protocol, version 2, with the binary tensor extension. A model is a deployment, named
/// {project}.{deployment}; its versions are model version numbers. Without a version, traffic decides.</summary>
/// <remarks>Source: kserve/open-inference-protocol, inference_rest.md; Triton's extension_binary_data.md.</remarks>
internal static class OipApi
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const long MaxBody = 64 << 20;

    public static void Map(IEndpointRouteBuilder root, StorageParts needs)
    {
        var v2 = root.MapGroup("/v2").WithTags("Open Inference Protocol");
        ((IEndpointConventionBuilder)v2).Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } inner) endpoint.RequestDelegate = context =>
                ProblemBoundary.Guard(context, inner, WriteErrorAsync);
        });
        v2.MapRead("/health/live", () => TypedResults.Ok(new { live = true }), "Whether the server answers", RouteRole.Anyone);
        v2.MapRead("/health/ready", (HttpContext context) => Ready(context, needs), "Whether the server can infer", RouteRole.Anyone);
        v2.MapRead("", () => TypedResults.Ok(new ServerMetadata("triops", Version, ["binary_tensor_data"])), "What the server is",
            RouteRole.Anyone);
        foreach (var model in (string[])["/models/{model}", "/models/{model}/versions/{version}"])
        {
            v2.MapRead(model, Metadata, "What a model takes and gives", RouteRole.Predictor);
            v2.MapRead($"{model}/ready", ModelIsReady, "Whether a model can infer", RouteRole.Predictor);
            v2.MapPost($"{model}/infer", Infer).WithSummary("Infers from tensors")
                .Accepts<InferRequest>("application/json", "application/octet-stream").Produces<InferAnswer>()
                .Produces<OipError>(400).Produces<OipError>(404).WithBodyLimit(MaxBody).For(RouteRole.Predictor);
        }
        v2.Map("/{**rest}", Unknown).ExcludeFromDescription().For(RouteRole.Anyone);
    }

    private static string Version => typeof(OipApi).Assembly.GetName().Version!.ToString(3);

    private static async Task<IResult> Ready(HttpContext context, StorageParts needs) =>
        await HealthApi.FindObstacleAsync(context, needs) is null ? TypedResults.Ok(new { ready = true, live = true })
            : TypedResults.Json(new { ready = false, live = true }, statusCode: 503);

    private static async Task<Ok<ModelMetadata>> Metadata(string model, string? version, DeploymentRouter router, CancellationToken ct)
    {
        var (deployment, revisions) = await ServingAsync(model, router, ct);
        var served = await router.FindAsync(deployment, version is null ? revisions[^1].Version.Number : Number(version), ct);
        return TypedResults.Ok(
            new ModelMetadata(model, [.. revisions.Select(r => $"{r.Version.Number}").Distinct()], "onnx_onnxv1",
            OipOutputs.Inputs(served.Signature), OipOutputs.Describe(served.Signature)));
    }

    private static async Task<IResult> ModelIsReady(string model, string? version, DeploymentRouter router, CancellationToken ct)
    {
        try
        {
            var (deployment, revisions) = await ServingAsync(model, router, ct);
            await router.FindAsync(deployment, version is null ? revisions[^1].Version.Number : Number(version), ct);
            return TypedResults.Ok(new ModelReady(model, true));
        }
        catch (TriOpsException e) when (e is ConflictException or RevisionUnavailableException)
        {
            return TypedResults.Json(new ModelReady(model, false), statusCode: 400);
        }
    }

    private static async Task Infer(string model, string? version, HttpContext context, DeploymentRouter router, Predictor predictor,
        TimeProvider time, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var deployment = Name(model);
        var (json, binary) = await ReadAsync(context);
        var request = StrictJson.Read<InferRequest>(json);
        var revision = version is null ? await predictor.ChooseAsync(deployment, request.Id, started, ct)
            : await router.FindAsync(deployment, Number(version), ct);
        var rows = OipInputs.Read(request, revision.Signature, binary.Span);
        using var tail = new MemoryStream();
        var outputs = OipOutputs.Write(request, revision.Signature, predictor.Score(revision, rows, started), tail);
        await WriteAsync(context, new InferAnswer(model, $"{revision.Version.Number}", request.Id, outputs), tail);
    }

    private static async Task WriteAsync(HttpContext context, InferAnswer answer, MemoryStream tail)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(answer, TriOpsJson.Options);
        var response = context.Response;
        response.ContentType = tail.Length == 0 ? "application/json" : "application/octet-stream";
        if (tail.Length > 0) response.Headers[HeaderLength] = json.Length.ToString(CultureInfo.InvariantCulture);
        response.ContentLength = json.Length + tail.Length;
        await response.Body.WriteAsync(json, context.RequestAborted);
        await response.Body.WriteAsync(tail.GetBuffer().AsMemory(0, (int)tail.Length), context.RequestAborted);
    }

    private static async Task<(ReadOnlyMemory<byte> Json, ReadOnlyMemory<byte> Binary)> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        if (context.Request.Headers[HeaderLength].ToString() is not { Length: > 0 } given) return (body, default);
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length)
            throw new InvalidInputException("header-length-invalid",
                $"{HeaderLength} '{given}' is not the length of the JSON at the start of a body of {body.Length} bytes.");
        return (body[..length], body[length..]);
    }

    private static async Task<(DeploymentRef Deployment, IReadOnlyList<Revision> Revisions)> ServingAsync(string model,
        DeploymentRouter router, CancellationToken ct)
    {
        var deployment = Name(model);
        var revisions = await router.ServingAsync(deployment, ct);
        return revisions.Count > 0 ? (deployment, revisions)
            : throw new ConflictException("deployment-not-serving", $"Model '{model}' has no revision with traffic yet.");
    }

    private static DeploymentRef Name(string model) =>
        model.Split('.') is [var p, var d] && NameRule.TryParse<ProjectName>(p, out var project)
            && NameRule.TryParse<DeploymentName>(d, out var deployment)
            ? new(project, deployment)
            : throw new NotFoundException("model-missing", "There is no such model: a model's name is {project}.{deployment}.");

    private static int Number(string version) =>
        int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new NotFoundException("version-not-served", "There is no such version: versions are whole numbers.");

    private static Task Unknown(HttpContext context, EndpointDataSource endpoints)
    {
        var (status, code, detail) = UnknownRoute.Explain(context, endpoints);
        return WriteErrorAsync(context, status, code, detail);
    }

    private static Task WriteErrorAsync(HttpContext context, int status, string code, string detail)
    {
        context.Response.Clear();
        context.Response.StatusCode = status;
        if (status == 503) context.Response.Headers.RetryAfter = "1";
        return context.Response.WriteAsJsonAsync(new OipError(detail), ProblemBoundary.Readable, CancellationToken.None);
    }
}
