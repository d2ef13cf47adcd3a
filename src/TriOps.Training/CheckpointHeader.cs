using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Training.Tables;

namespace TriOps.Training;

/// <summary>The first line of a checkpoint of a family with a solver of its own: JSON, ended by a line feed; what follows is the
/// family's.</summary>
/// <param name="Version">Of the format: 1.</param>
/// <param name="Family">Whose state follows.</param>
/// <param name="Request">Hash of signature, objective, parameters, seed and rows: a checkpoint of another request is not used.</param>
/// <param name="Step">Iterations done.</param>
/// <param name="BestStep">The step with the lowest validation loss.</param>
/// <param name="BestLoss">That loss.</param>
public sealed record CheckpointHeader(int Version, ModelFamily Family, string Request, int Step, int BestStep, double BestLoss)
{
    private const int MaxBytes = 4096;

    /// <summary>Replaces the last checkpoint by this header and the state that <paramref name="write"/> writes.</summary>
    public void Save(ICheckpoints checkpoints, Action<Stream> write) => checkpoints.Save(stream =>
    {
        JsonSerializer.Serialize(stream, this, TriOpsJson.Options);
        stream.WriteByte((byte)'\n');
        write(stream);
    });

    /// <summary>Reads the last checkpoint; the fit starts from the beginning when there is none, or it cannot be used, which is
    /// said.</summary>
    /// <param name="checkpoints">Where it is.</param>
    /// <param name="family">Whose it must be.</param>
    /// <param name="request">Hash of the request that it must belong to.</param>
    /// <param name="progress">Hears why one is not used.</param>
    /// <param name="read">Reads the state; the stream goes forward only.</param>
    /// <returns>Its header; at the beginning, one of step 0 and an infinite loss.</returns>
    public static CheckpointHeader Restore(ICheckpoints checkpoints, ModelFamily family, string request, ITrainingProgress progress,
        Action<Stream> read)
    {
        var beginning = new CheckpointHeader(1, family, request, 0, 0, double.PositiveInfinity);
        using var stream = checkpoints.Open();
        if (stream is null) return beginning;
        try
        {
            var found = JsonSerializer.Deserialize<CheckpointHeader>(Line(stream), TriOpsJson.Options)
                ?? throw new InvalidDataException("its header is empty");
            if (found.Version != 1) throw new InvalidDataException($"it is of version {found.Version}, and {family} reads version 1");
            if (found.Family != family) throw new InvalidDataException($"it is of the family {found.Family}");
            if (found.Request != request)
                throw new InvalidDataException("it is of another request: other rows, columns, hyperparameters or another seed");
            read(stream);
            return found;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException)
        {
            progress.Note(NotUsed(e.Message));
            return beginning;
        }
    }

    /// <summary>What is said of a checkpoint that is left.</summary>
    internal static string NotUsed(string why) => $"The checkpoint is not used: {why.TrimEnd('.')}. The fit starts from the beginning.";

    /// <summary>The hash of a request.</summary>
    public static string HashOf(FitRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var parameters = request.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal);
        hash.AppendData(
            JsonSerializer.SerializeToUtf8Bytes(new { Problem = Problem(request), Parameters = parameters, request.Seed },
            TriOpsJson.Options));
        foreach (var table in new[] { request.Train, request.Validation })
        {
            hash.AppendData(MemoryMarshal.AsBytes(table.Rows.Numbers.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(table.Targets.AsSpan()));
            foreach (var value in table.Rows.Categories) hash.AppendData(Encoding.UTF8.GetBytes(value + "\0"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // In the words of the first format, so that checkpoints of before are still found.
    private static object Problem(FitRequest request) => new
    {
        request.Signature.Task, request.Signature.Label, request.Signature.Numbers, request.Signature.Categories,
            request.Signature.Classes, request.Objective,
        request.Signature.Scores, request.Signature.Outputs,
    };

    // Byte by byte: what follows the line must still be in the stream.
    private static byte[] Line(Stream stream)
    {
        var line = new List<byte>();
        while (stream.ReadByte() is var next && next != '\n')
        {
            if (next < 0 || line.Count == MaxBytes) throw new InvalidDataException("its header has no end");
            line.Add((byte)next);
        }
        return [.. line];
    }
}
