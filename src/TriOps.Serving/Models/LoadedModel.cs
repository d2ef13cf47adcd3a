using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.OnnxRuntime;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Models;

/// <summary>A session with its pooled lanes, counted by those who use it and disposed with the last of them. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Counted: the last Release disposes.")]
internal sealed class LoadedModel
{
    private const int LargestPooled = 16;
    private const int Chunk = 1024;

    private readonly InferenceSession session;
    private readonly TableSignature signature;
    private readonly string outputName;
    private readonly int width;
    private readonly long bytes;
    private readonly bool onDevice;
    private readonly RunOptions run = new();
    private readonly ConcurrentQueue<Lane>?[] lanes = new ConcurrentQueue<Lane>?[LargestPooled + 1];
    private readonly Lock gate = new();
    private int users = 1;

    private LoadedModel(InferenceSession session, TableSignature signature, string outputName, int width, long bytes, bool onDevice)
    {
        (this.session, this.signature, this.outputName, this.width, this.bytes, this.onDevice) =
            (session, signature, outputName, width, bytes, onDevice);
        for (var i = 1; i <= LargestPooled; i++) lanes[i] = new();
        GC.AddMemoryPressure(bytes);
    }

    /// <summary>Opens a session over the graph at <paramref name="path"/>, with the model's other files beside it, holds it against the
    /// signature, and scores one row of missing values to see that it runs.</summary>
    /// <exception cref="InvalidInputException">It is no model that fits (code model-invalid).</exception>
    public static LoadedModel Open(string path, ModelFiles files, TableSignature signature, string name, ServingOptions options,
        ExecutionDevice device)
    {
        using (var graph = File.OpenRead(path))
            GraphCheck.Run(graph, name, files.Files.Skip(1).Select(f => f.Name).ToHashSet(StringComparer.Ordinal));
        try
        {
            return device.Open(name, () => Settings(options),
                (settings, onDevice) => Open(path, files.Bytes, signature, name, settings, onDevice));
        }
        catch (OnnxRuntimeException e) { throw new InvalidInputException("model-invalid", $"{name} does not run: {e.Message}", e); }
    }

    private static SessionOptions Settings(ServingOptions options)
    {
        var settings = new SessionOptions
        {
            IntraOpNumThreads = options.IntraOpThreads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            EnableMemoryPattern = true,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return settings;
    }

    private static LoadedModel Open(string path, long bytes, TableSignature signature, string name, SessionOptions settings, bool onDevice)
    {
        InferenceSession? session = null;
        LoadedModel? loaded = null;
        try
        {
            session = new InferenceSession(path, settings);
            var output = SignatureCheck.Run(session, signature, name);
            loaded = new LoadedModel(session, signature, output, signature.Outputs, bytes, onDevice);
            loaded.Score(new FeatureRows(Missing(signature.Numbers.Count), [.. signature.Categories.Select(_ => "")], 1));
            return loaded;
        }
        catch
        {
            if (loaded is not null) loaded.Release(); else session?.Dispose();
            throw;
        }
        static float[] Missing(int count)
        {
            var row = new float[count];
            Array.Fill(row, float.NaN);
            return row;
        }
    }

    /// <summary>Whether <paramref name="other"/> has the columns and outputs this model was checked against.</summary>
    public bool Fits(TableSignature other) => signature.HasLayoutOf(other);

    /// <summary>Row-major outputs.</summary>
    /// <exception cref="OnnxRuntimeException">The model failed on these rows.</exception>
    public float[] Score(FeatureRows rows)
    {
        var outputs = new float[rows.Count * width];
        for (var first = 0; first < rows.Count;)
        {
            var count = Math.Min(Chunk, rows.Count - first);
            var pool = count <= LargestPooled ? lanes[count] : null;
            if (pool is null || !pool.TryDequeue(out var lane)) lane = new Lane(session, signature, count, outputName, width, onDevice);
            var reusable = false;
            try
            {
                lane.Score(rows, first, run, outputs);
                reusable = pool is not null;
            }
            finally
            {
                if (reusable) pool!.Enqueue(lane); else lane.Dispose();
            }
            first += count;
        }
        return outputs;
    }

    /// <summary>Counts a user. False: the last one has gone, and the model with it.</summary>
    public bool TryUse()
    {
        lock (gate) return users > 0 && ++users > 0;
    }

    /// <summary>Counts a user out; the last one disposes.</summary>
    public void Release()
    {
        lock (gate)
            if (--users != 0) return;
        foreach (var pool in lanes)
            while (pool is not null && pool.TryDequeue(out var lane)) lane.Dispose();
        run.Dispose();
        session.Dispose();
        GC.RemoveMemoryPressure(bytes);
        IsDisposed = true;
    }

    /// <summary>True once the session is gone.</summary>
    public bool IsDisposed { get; private set; }
}
