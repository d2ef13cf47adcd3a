using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TriOps.Core.Deployments;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Serving.Predictions;

namespace TriOps.Api.Resources;

/// <summary>Answers POST …/predict. Reads the route, the body and writes the answer itself: binding, a scope of services and typed bodies
/// would cost more than many a model does.</summary>
internal sealed class PredictEndpoint(Predictor predictor)
{
    private const int LargestKept = 1 << 20;

    [ThreadStatic] private static ArrayBufferWriter<byte>? buffer;

    /// <summary>One request.</summary>
    /// <exception cref="BadHttpRequestException">Project or deployment in the route are no names.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        var deployment = Deployment(context.Request.RouteValues);
        var requestId = context.Request.Headers.TryGetValue("X-Request-Id", out var id) ? id.ToString() : null;
        var reader = context.Request.BodyReader;
        var read = await ReadAllAsync(reader, context.RequestAborted);
        // One buffer a thread, taken while in use: the answer is written whole, with its length.
        var output = buffer ?? new ArrayBufferWriter<byte>(4096);
        buffer = null;
        try
        {
            await predictor.PredictAsync(deployment, requestId, read.Buffer, output, context.RequestAborted);
            var response = context.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = output.WrittenCount;
            await response.Body.WriteAsync(output.WrittenMemory, context.RequestAborted);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
            if (output.Capacity <= LargestKept)
            {
                output.ResetWrittenCount();
                buffer = output;
            }
        }
    }

    private static DeploymentRef Deployment(RouteValueDictionary route) =>
        NameRule.TryParse<ProjectName>(route["p"] as string, out var project)
            && NameRule.TryParse<DeploymentName>(route["d"] as string, out var name) ? new(project, name)
            : throw new BadHttpRequestException("Project or deployment in the address are no names.");

    private static async ValueTask<ReadResult> ReadAllAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted) return read;
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
