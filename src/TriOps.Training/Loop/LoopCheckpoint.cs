using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Families;
using static TorchSharp.torch;

namespace TriOps.Training.Loop;

/// <summary>A loop's checkpoint: one safetensors file, whose metadata says whose it is and where the loop stands
/// (docs/formats.md).</summary>
/// <param name="family">Whose.</param>
/// <param name="request">Hash of what is fitted: a checkpoint of another request is not used.</param>
public sealed class LoopCheckpoint(ModelFamily family, string request)
{
    private const string Version = "2";
    private const string RandomState = "random";

    /// <summary>Writes one, streamed.</summary>
    internal void Save(ICheckpoints checkpoints, LoopState state, Optimiser optimiser, Generator random)
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string>
        {
            ["version"] = Version, ["family"] = family.ToString(), ["request"] = request,
                ["state"] = JsonSerializer.Serialize(state, TriOpsJson.Options),
        };
        IReadOnlyList<NamedTensor> tensors = [.. optimiser.Tensors, new(RandomState, random.get_state())];
        checkpoints.Save(stream => SafeTensors.Write(stream, metadata, tensors));
    }

    /// <summary>Takes the last one over; one that cannot be used is left, and why is said.</summary>
    /// <returns>Where the loop stands: at the beginning, when there is none to be used.</returns>
    internal LoopState Restore(ICheckpoints checkpoints, Optimiser optimiser, Generator random, ITrainingProgress progress)
    {
        using var stream = checkpoints.Open();
        if (stream is null) return new();
        try
        {
            using var scope = NewDisposeScope();
            var header = ReadHeader(stream);
            if (Refusal(header.Metadata) is { } why) throw new InvalidDataException(why);
            var state = JsonSerializer.Deserialize<LoopState>(header.Metadata["state"], TriOpsJson.Options)!;
            var randomState = random.get_state();                                          // (bytes of the generator)
            SafeTensors.ReadInto(stream, header, [.. optimiser.Tensors, new(RandomState, randomState)]);
            random.set_state(randomState);
            return state;
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or KeyNotFoundException)
        {
            progress.Note(CheckpointHeader.NotUsed(e.Message));
            return new();
        }
    }

    // Version 1 of this family was no safetensors file.
    private SafeTensorsHeader ReadHeader(Stream stream)
    {
        try { return SafeTensors.ReadHeader(stream); }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"it is not of version {Version}, which {family} reads ({e.Message.TrimEnd('.')})", e);
        }
    }

    private string? Refusal(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault("version") is var version && version != Version
            ? $"it is of version '{version}', and {family} reads version {Version}"
        : metadata.GetValueOrDefault("family") != family.ToString() ? $"it is of the family {metadata.GetValueOrDefault("family")}"
        : metadata.GetValueOrDefault("request") != request
        ? "it is of another request: other rows, columns, hyperparameters or another seed"
        : null;
}
