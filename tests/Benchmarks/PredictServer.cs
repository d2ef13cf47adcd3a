using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Api;
using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Evaluations;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Onnx.Graphs;
using TriOps.Serving;
using TriOps.Testing.Fakes;

namespace TriOps.Benchmarks;

/// <summary>The process under load: the API over memory with a multi-layer perceptron (30 → 32 → 2), a constant answer of the same size,
/// and ONNX Runtime by itself. Ends when its standard input does.</summary>
internal static class PredictServer
{
    /// <summary>How the benchmark starts it.</summary>
    public const string Command = "predict-server";

    private const int Features = 30, Hidden = 32;

    private static readonly TableSignature Signature =
        new(TaskKind.Binary, "diagnosis", [.. Enumerable.Range(0, Features).Select(i => $"feature_{i}")], [], ["benign", "malignant"],
        new Dictionary<string, IReadOnlyList<string>>());

    /// <summary>The body of a prediction of one row.</summary>
    public static string Body { get; } = "{\"rows\":[{"
        + string.Join(',', Enumerable.Range(0, Features).Select(i => FormattableString.Invariant($"\"feature_{i}\":{(i * 0.37) + 0.123}")))
        + "}]}";

    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMemoryStores().AddTriOpsServing().AddTriOpsApi().AddSingleton<IUploadLinks, NoUploads>();
        await using var app = builder.Build();
        app.MapTriOpsApi();
        var constant =
            Encoding.UTF8.GetBytes(
            """{"predictions":[{"id":"019b0a1c2d3e7f40a1b2c3d4e5f60718","label":"malignant","probabilities":{"benign":0.12345678,"malignant":0.87654322}}],"revision":1,"modelVersion":1}""");
        app.MapPost("/constant", (RequestDelegate)(context =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = constant.Length;
            return context.Response.Body.WriteAsync(constant).AsTask();
        }));
        var id = await ServeAsync(app.Services);
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        while (await Console.In.ReadLineAsync() is "runtime")
            Console.WriteLine(FormattableString.Invariant($"{await RuntimeAloneAsync(app.Services, id):F0}"));
        return 0;
    }

    /// <summary>The deployment under load.</summary>
    public static DeploymentRef Deployment { get; } = new(ProjectName.Parse("demo"), DeploymentName.Parse("tumours"));

    /// <summary>Registers and deploys the perceptron.</summary>
    public static async Task<ModelFiles> ServeAsync(IServiceProvider services)
    {
        var (blobs, onnx) = (services.GetRequiredService<IBlobs>(), Perceptron());
        var (project, model, id) = (ProjectName.Parse("demo"), ModelName.Parse("diagnosis"), ContentId.OfBytes(onnx));
        await blobs.WriteAsync(ModelPaths.Onnx(id), onnx, WriteMode.IfAbsent, default);
        var version = await services.GetRequiredService<ModelRegistry>()
            .RegisterAsync(project, model, "run", n => new ModelVersion(project, model, n, ModelStatus.Approved, "run", 0, ModelFamily.Mlp,
            new(project, DatasetName.Parse("tumours"), 1), new(ModelFiles.Of(id, onnx.Length), Signature, id, []), id, [],
            new GateVerdict(true, []), id, "card", DateTimeOffset.UnixEpoch), default);
        await services.GetRequiredService<DeploymentTable>().UpdateAsync(Deployment, _ => new Deployment(project, Deployment.Name, model,
            [new Revision(1, version.Ref, RevisionState.Active, 100, "w", DateTimeOffset.UnixEpoch)], new HealthSpec(), null,
            DateTimeOffset.UnixEpoch), default);
        return ModelFiles.Of(id, onnx.Length);
    }

    private sealed class NoUploads : IUploadLinks
    {
        public Task<Uri> CreateAsync(BlobPath path, TimeSpan lifetime, CancellationToken ct) =>
            throw new NotSupportedException("Nothing is uploaded here.");
    }

    // Calls a second on one thread, features given as floats.
    private static async Task<double> RuntimeAloneAsync(IServiceProvider services, ModelFiles files)
    {
        var scorer = await services.GetRequiredService<IScorers>().OpenAsync(files, Signature, default);
        var rows = new FeatureRows([.. Enumerable.Range(0, Features).Select(i => i * 0.37f)], [], 1);
        var (clock, calls) = (Stopwatch.StartNew(), 0);
        for (; clock.ElapsedMilliseconds < 500; calls++) scorer.Score(rows);
        return calls / clock.Elapsed.TotalSeconds;
    }

    private static byte[] Perceptron()
    {
        var (graph, random) = (new GraphBuilder("perceptron"), new Random(7));
        var numbers = graph.Input("numbers", ElementType.Float, "N", Features);
        var filled = graph.Node("Where", [graph.Node("IsNaN", [numbers]), graph.Constant([0f], 1, 1), numbers]);
        var hidden = graph.Node("Relu", [graph.Node("Gemm", [filled, Weights(Features, Hidden), Weights(1, Hidden)])]);
        graph.Output(graph.Node("Softmax", [graph.Node("Gemm", [hidden, Weights(Hidden, 2), Weights(1, 2)])], Attr.Int("axis", 1)),
            "probabilities", ElementType.Float, "N", 2);
        using var stream = new MemoryStream();
        graph.Save(stream);
        return stream.ToArray();

        Value Weights(int rows, int columns) =>
            graph.Constant([.. Enumerable.Range(0, rows * columns).Select(_ => (float)(random.NextDouble() - 0.5) / 4)], rows, columns);
    }
}
