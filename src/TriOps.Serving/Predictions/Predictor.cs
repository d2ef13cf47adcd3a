using System.Buffers;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Logging;
using TriOps.Serving.Routing;

namespace TriOps.Serving.Predictions;

/// <summary>Answers prediction requests: rows in, ids and outputs out, each answer counted and logged. Thread-safe.</summary>
public sealed class Predictor(DeploymentRouter router, InferenceLogWriter log, TimeProvider time)
{
    /// <summary>Most rows of a request.</summary>
    public const int MaxRows = 10_000;

    [ThreadStatic] private static Utf8JsonWriter? writer;

    /// <summary>Answers a request in the API's JSON.</summary>
    /// <param name="deployment">Which deployment.</param>
    /// <param name="requestId">The client's id for the request, or null; decides the revision while traffic is split.</param>
    /// <param name="body">{"rows":[{"column":value,…}]} in UTF-8.</param>
    /// <param name="output">Takes {"predictions":[{"id","label","probabilities"} or {"id","value"}],"revision","modelVersion"}, and
    /// "absent" where rows lack columns: they count as missing values.</param>
    /// <param name="ct">Cancels the wait for a model; scoring itself is not interrupted.</param>
    /// <exception cref="InvalidInputException">The rows do not fit; the message says which and why.</exception>
    /// <exception cref="NotFoundException">There is no such deployment.</exception>
    /// <exception cref="ConflictException">No revision takes traffic.</exception>
    /// <exception cref="RevisionUnavailableException">The model cannot be loaded.</exception>
    /// <exception cref="ModelFailedException">The model failed.</exception>
    public ValueTask PredictAsync(DeploymentRef deployment, string? requestId, ReadOnlySequence<byte> body, IBufferWriter<byte> output,
        CancellationToken ct)
    {
        var started = time.GetTimestamp();
        var chosen = ChooseAsync(deployment, requestId, started, ct);
        if (!chosen.IsCompletedSuccessfully) return Slow(chosen);
        Answer(chosen.Result, body, output, started);
        return ValueTask.CompletedTask;

        async ValueTask Slow(ValueTask<ServedRevision> pending) => Answer(await pending, body, output, started);
    }

    /// <summary>The revision that answers; an unavailable one is counted and logged as its failure.</summary>
    /// <param name="deployment">Which deployment.</param>
    /// <param name="requestId">The client's id for the request, or null.</param>
    /// <param name="started">Timestamp at which the request was met.</param>
    /// <param name="ct">Cancels the wait for a model.</param>
    /// <inheritdoc cref="DeploymentRouter.ChooseAsync" path="/exception"/>
    public ValueTask<ServedRevision> ChooseAsync(DeploymentRef deployment, string? requestId, long started, CancellationToken ct)
    {
        var chosen = router.ChooseAsync(deployment, requestId, ct);
        return chosen.IsCompletedSuccessfully ? chosen : Slow(chosen);

        async ValueTask<ServedRevision> Slow(ValueTask<ServedRevision> pending)
        {
            try { return await pending; }
            catch (RevisionUnavailableException e)
            {
                Failed(deployment, e.Revision.Number, e.Revision.Version.Number, null, time.GetElapsedTime(started),
                    e.InnerException!.Message);
                throw;
            }
        }
    }

    /// <summary>Scores rows in a revision's layout, counts and logs them.</summary>
    /// <param name="revision">Which.</param>
    /// <param name="rows">At least one.</param>
    /// <param name="started">Timestamp at which the request was met.</param>
    /// <exception cref="ModelFailedException">The model failed.</exception>
    public Scored Score(ServedRevision revision, FeatureRows rows, long started)
    {
        float[] outputs;
        try { outputs = revision.Scorer.Score(rows); }
        catch (Exception e)
        {
            Failed(revision.Deployment, revision.Number, revision.Version.Number, rows, time.GetElapsedTime(started), e.Message);
            throw new ModelFailedException($"Model version {revision.Version.Ref} failed on {rows.Count} rows that fit its signature. The "
                + $"server's log says why; a different version may answer.", e);
        }
        var (now, took) = (time.GetUtcNow(), time.GetElapsedTime(started));
        var ids = new string[rows.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = PredictionId.New(now);
        ServingMetrics.Answered(revision.Deployment, revision.Number, took, failed: false);
        Log(revision, rows, outputs, ids, now, (long)took.TotalMicroseconds);
        return new Scored(ids, outputs);
    }

    private void Answer(ServedRevision revision, ReadOnlySequence<byte> body, IBufferWriter<byte> output, long started)
    {
        var rows = RowsReader.Read(body.IsSingleSegment ? body.FirstSpan : body.ToArray(), revision.Columns, out var absent);
        var scored = Score(revision, rows, started);
        var json = writer ??= new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.Reset(output);
        revision.Shape.Write(json, scored.Ids, scored.Outputs, revision.Number, revision.Version.Number, absent);
        json.Flush();
        json.Reset(Stream.Null); // Keeps no hold on the caller's buffer.
    }

    private void Log(ServedRevision revision, FeatureRows rows, float[] outputs, string[] ids, DateTimeOffset now, long microseconds)
    {
        var width = outputs.Length / rows.Count;
        for (var i = 0; i < rows.Count; i++)
            log.Write(revision.Deployment,
                new InferenceRecord(ids[i], now, revision.Number, revision.Version.Number, Row(rows.Numbers, i, rows.Count),
                Row(rows.Categories, i, rows.Count),
                rows.Count == 1 ? outputs : outputs[(i * width)..((i + 1) * width)], microseconds));
    }

    private void Failed(DeploymentRef deployment, int revision, int version, FeatureRows? rows, TimeSpan took, string error)
    {
        var now = time.GetUtcNow();
        ServingMetrics.Answered(deployment, revision, took, failed: true);
        for (var i = 0; i < (rows?.Count ?? 1); i++)
            log.Write(deployment, new InferenceRecord(PredictionId.New(now), now, revision, version,
                rows is null ? [] : Row(rows.Numbers, i, rows.Count), rows is null ? []
                : Row(rows.Categories, i, rows.Count), [], (long)took.TotalMicroseconds, error));
    }

    private static T[] Row<T>(T[] all, int row, int count)
    {
        var width = all.Length / count;
        return count == 1 ? all : all[(row * width)..((row + 1) * width)];
    }
}

/// <summary>Scored rows.</summary>
/// <param name="Ids">A prediction id a row.</param>
/// <param name="Outputs">Row-major outputs.</param>
public sealed record Scored(string[] Ids, float[] Outputs);
