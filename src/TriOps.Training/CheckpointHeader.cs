using System.Security.Cryptography;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using TriOps.Core.Models;

namespace TriOps.Training;

/// <summary>The first line of every checkpoint: JSON, ended by a line feed; what follows is the family's.</summary>
/// <param name="Version">Of the format: 1.</param>
/// <param name="Family">Whose state follows.</param>
/// <param name="Request">Hash of what is asked for, parameters, seed and rows: a checkpoint of another request is not used.</param>
/// <param name="Step">Iterations or epochs done.</param>
/// <param name="BestStep">The step with the lowest validation loss.</param>
/// <param name="BestLoss">That loss.</param>
public sealed record CheckpointHeader(int Version, ModelFamily Family, string Request, int Step, int BestStep, double BestLoss)
{
    private const int MaxBytes = 4096;

    /// <summary>Header and state in one piece.</summary>
    public byte[] With(ReadOnlySpan<byte> state) => [.. JsonSerializer.SerializeToUtf8Bytes(this, TriOpsJson.Options), (byte)'\n', .. state];

    /// <summary>Takes a checkpoint apart; false when there is none, or it is another request's or format's: the fit then starts from the beginning.</summary>
    public static bool TryRead(byte[]? checkpoint, ModelFamily family, string request, out CheckpointHeader header, out ReadOnlyMemory<byte> state)
    {
        (header, state) = (new(1, family, request, 0, 0, double.PositiveInfinity), default);
        var end = checkpoint is null ? -1 : checkpoint.AsSpan(0, Math.Min(checkpoint.Length, MaxBytes)).IndexOf((byte)'\n');
        if (end < 0) return false;
        try
        {
            if (JsonSerializer.Deserialize<CheckpointHeader>(checkpoint.AsSpan(0, end), TriOpsJson.Options) is not { Version: 1 } found || found.Family != family || found.Request != request) return false;
            (header, state) = (found, checkpoint.AsMemory(end + 1));
            return true;
        }
        catch (JsonException) { return false; }
    }

    // As the first format wrote it, so that checkpoints of before are still found.
    private static object Problem(FitRequest request) => new
    {
        request.Signature.Task, request.Signature.Label, request.Signature.Numbers, request.Signature.Categories, request.Signature.Classes, request.Objective,
        request.Signature.Scores, request.Signature.Outputs,
    };

    /// <summary>The hash of a request.</summary>
    public static string HashOf(FitRequest request)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { Problem = Problem(request), Parameters = request.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal), request.Seed }, TriOpsJson.Options));
        foreach (var table in new[] { request.Train, request.Validation })
        {
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(table.Rows.Numbers.AsSpan()));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(table.Targets.AsSpan()));
            foreach (var value in table.Rows.Categories) hash.AppendData(System.Text.Encoding.UTF8.GetBytes(value + "\0"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
