using System.Buffers;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TriOps.Core.Content;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Signatures;
using TriOps.Core.Telemetry;
using TriOps.Serving.Logging;
using TriOps.Serving.Predictions;
using TriOps.Serving.Routing;
using TriOps.Testing.Fakes;

namespace TriOps.Serving.Tests;

public sealed class PredictorTests : IScorers, IScorer, IDisposable
{
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MemoryBlobs blobs = new();
    private readonly DeploymentRef deployment = new(TinyModels.Project, DeploymentName.Parse("metered"));
    private readonly DeploymentTable table = new(new MemoryDocuments<Deployment>());
    private readonly ModelRegistry registry;
    private readonly InferenceLogWriter log;
    private readonly Predictor predictor;
    private Func<FeatureRows, float[]> score = _ => [0.25f, 0.75f];

    public PredictorTests()
    {
        registry = new(new MemoryDocuments<ModelVersion>(), new MemoryDocuments<ModelEntry>(), new MemoryDocuments<ModelAlias>(),
            new AuditLog(new MemoryDocuments<AuditEvent>(), time), time);
        var options = new ServingOptions();
        log = new(blobs, options, time, NullLogger<InferenceLogWriter>.Instance);
        predictor = new(new DeploymentRouter(table, registry, this, new RevisionChooser(), options, time), log, time);
    }

    public Task<IScorer> OpenAsync(ModelFiles files, TableSignature signature, CancellationToken ct) => Task.FromResult<IScorer>(this);
    public float[] Score(FeatureRows rows) => score(rows);
    public void Dispose() => log.Dispose();

    private async Task<JsonElement> PredictAsync()
    {
        if (await table.FindAsync(deployment, default) is null)
            await table.ServeAsync(deployment,
                ((await registry.RegisterAsync(blobs, TinyModels.Classifier(), TinyModels.Binary)).Number, 100));
        var output = new ArrayBufferWriter<byte>();
        await predictor.PredictAsync(deployment, null, new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes("""{"rows":[{"radius":1}]}""")),
            output, default);
        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }

    private async Task<InferenceRecord> LoggedAsync()
    {
        await log.FlushAsync(default);
        await foreach (var record in new InferenceLog(blobs)
            .ReadRequestsAsync(deployment, time.GetUtcNow().AddHours(-1), time.GetUtcNow().AddHours(1), default)) return record;
        throw new InvalidOperationException("Nothing was logged.");
    }

    [Fact]
    public async Task Predict_ModelAnswers_TimeOnTheClockIsLogged()
    {
        score = _ => { time.Advance(TimeSpan.FromMilliseconds(3)); return [0.25f, 0.75f]; };
        Assert.Equal("malignant", (await PredictAsync()).GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.Equal(3000, (await LoggedAsync()).Microseconds);
    }

    [Fact]
    public async Task Predict_ModelFails_IsTheRevisionsErrorNotTheClients()
    {
        score = _ => throw new InvalidOperationException("Kernel panic.");
        var error = await Assert.ThrowsAsync<ModelFailedException>(PredictAsync);
        Assert.DoesNotContain("Kernel", error.Message, StringComparison.Ordinal);
        var record = await LoggedAsync();
        Assert.Equal(("Kernel panic.", 1, 0), (record.Error, record.Revision, record.Outputs.Length));
        Assert.Equal(1f, record.Numbers[0]);
    }

    [Fact]
    public async Task Predict_Requests_AreCountedByDeploymentAndRevision()
    {
        var counted = new Dictionary<string, double>();
        using var listener =
            new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter == TriOpsTelemetry.Meter) l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Count(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Count(i, value, tags));
        listener.Start();
        score = _ => { time.Advance(TimeSpan.FromMilliseconds(2)); return [1, 0]; };
        await PredictAsync();
        await PredictAsync();
        score = _ => throw new InvalidOperationException("broken");
        await Assert.ThrowsAsync<ModelFailedException>(PredictAsync);
        Assert.Equal((3, 1, 0.004),
            (counted["triops.serving.requests"], counted["triops.serving.errors"], Math.Round(counted["triops.serving.duration"], 6)));

        void Count(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var (named, revision) = (false, false);
            foreach (var tag in tags)
            {
                named |= tag is { Key: "deployment", Value: string text } && text == deployment.ToString();
                revision |= tag is { Key: "revision", Value: 1 };
            }
            if (!named || !revision) return; // Other tests measure at the same time.
            lock (counted) counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value;
        }
    }
}
