using System.Buffers;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Deployments;
using TriOps.Serving;
using TriOps.Serving.Logging;
using TriOps.Serving.Predictions;
using TriOps.Serving.Routing;
using TriOps.Testing.Fakes;

namespace TriOps.Benchmarks;

/// <summary>What a prediction is made of, without HTTP: each stage by itself on one thread, in turns, with what it allocates.</summary>
internal static class PredictStages
{
    private const int Rounds = 7;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(60);

    public static async Task<int> RunAsync()
    {
        await using var services = new ServiceCollection().AddLogging().AddMemoryStores().AddTriOpsServing().BuildServiceProvider();
        await PredictServer.ServeAsync(services);
        var (router, predictor, log) = (services.GetRequiredService<DeploymentRouter>(), services.GetRequiredService<Predictor>(),
            services.GetRequiredService<InferenceLogWriter>());
        var revision = await router.ChooseAsync(PredictServer.Deployment, null, default);
        var body = Encoding.UTF8.GetBytes(PredictServer.Body);
        var sequence = new ReadOnlySequence<byte>(body);
        var rows = RowsReader.Read(body, revision.Columns);
        var output = new ArrayBufferWriter<byte>(4096);
        var record = new InferenceRecord(Guid.CreateVersion7().ToString("N"), DateTimeOffset.UnixEpoch, 1, 1, rows.Numbers,
            rows.Categories, revision.Scorer.Score(rows), 100);
        var batch = Enumerable.Repeat(record, 1000).ToArray();

        var backlog = new LogBacklog(services.GetRequiredService<TriOps.Core.Storage.IBlobs>(), 1 << 20, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, _ => { });

        var stages = new (string Name, int PerCall, Action Run)[]
        {
            ("choose the revision", 1,
                () => Finish(
                router.ChooseAsync(new DeploymentRef(PredictServer.Deployment.Project, PredictServer.Deployment.Name), null, default))),
            ("read 30 columns", 1, () => RowsReader.Read(body, revision.Columns)),
            ("run the model", 1, () => revision.Scorer.Score(rows)),
            ("make an id", 1, () => PredictionId.New(DateTimeOffset.UtcNow)),
            ("hand over to the log", 1, () => log.Write(PredictServer.Deployment, record)),
            ("write the log line", 1000, () => backlog.Add(PredictServer.Deployment, DateTimeOffset.UnixEpoch, batch)),
            ("all, as the route calls it", 1, () =>
            {
                output.ResetWrittenCount();
                Finish(predictor.PredictAsync(PredictServer.Deployment, null, sequence, output, default));
            }),
        };
        var (times, bytes) = (stages.Select(_ => new List<double>()).ToArray(), new long[stages.Length]);
        for (var round = 0; round <= Rounds; round++) // The first warms up.
            for (var i = 0; i < stages.Length; i++)
            {
                var (clock, calls, before) = (Stopwatch.StartNew(), 0, GC.GetAllocatedBytesForCurrentThread());
                for (; clock.Elapsed < Turn; calls++) stages[i].Run();
                times[i].Add(clock.Elapsed.TotalMicroseconds / calls / stages[i].PerCall);
                bytes[i] = (GC.GetAllocatedBytesForCurrentThread() - before) / calls / stages[i].PerCall;
                await log.FlushAsync(default);
            }
        Console.WriteLine($"{"stage",-30}{"µs",8}{"bytes",8}");
        for (var i = 0; i < stages.Length; i++) Console.WriteLine($"{stages[i].Name,-30}{times[i][1..].Min(),8:F2}{bytes[i],8}");
        return 0;
    }

    private static void Finish<T>(ValueTask<T> call)
    {
        if (!call.IsCompletedSuccessfully) call.AsTask().Wait();
    }

    private static void Finish(ValueTask call)
    {
        if (!call.IsCompletedSuccessfully) call.AsTask().Wait();
    }
}
