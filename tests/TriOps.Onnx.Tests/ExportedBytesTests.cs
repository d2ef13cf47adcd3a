using System.Security.Cryptography;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Onnx.Tests;

/// <summary>The bytes of small graphs with every kind of node that today's models have. A model's id is the hash of its bytes: what changes
/// them makes another model of every training that is run again. The hashes were taken before the exporters were moved.</summary>
public sealed class ExportedBytesTests
{
    private static readonly FeatureEncoding Scaled = new([0.5f, -1f], [1f, 2f], [0.25f, 4f], [1], [["", "north"], ["a", "b", "Ö"]]);
    private static readonly FeatureEncoding Kept = new([float.NaN, -1f], null, null, [], [["", "north"], ["a", "b", "Ö"]]);

    [Theory]
    [InlineData(TaskKind.Binary, "66933d1b1f2bc18d67576b53022626befd448813f7ea8298ce11c2bd5cc2a03c")]
    [InlineData(TaskKind.Multiclass, "105cc645b1097b4fdd73f91e095c8144889ffde377612ac92f63f0247c7be1c0")]
    [InlineData(TaskKind.Regression, "08b8afbecd9c6fe4de2e1d403a8b67479c397c5aea9c3c0d332bebbee2c4cad2")]
    public void Network_SameLayers_GivesTheSameBytes(TaskKind task, string hash)
    {
        var (width, scores) = (Scaled.Width, task == TaskKind.Multiclass ? 3 : 1);
        using var stream = new MemoryStream();
        NetworkExport.Write(stream, Signature(task, Scaled), Scaled,
            [new(Numbers(width * 4), Numbers(4), width, 4), new(Numbers(4 * scores), Numbers(scores), 4, scores)]);
        Assert.Equal(hash, Hash(stream));
    }

    [Theory]
    [InlineData(TaskKind.Binary, "d3ebe567c27b8c0c809afba4983a5ee6c2ffcaa819e4e1dcb4d1669a4d4a6d35")]
    [InlineData(TaskKind.Multiclass, "def7881fb38a08ae70f5e21e7a52e4ad85a0f84722ab12ccb455a3df928b5ec7")]
    [InlineData(TaskKind.Regression, "3bddc0f219ee7a9ed9ee5c4a4cf1cc6bc2e04b2b679a5cf4d8795190b5d26cb2")]
    public void Trees_SameTrees_GiveTheSameBytes(TaskKind task, string hash)
    {
        var scores = task == TaskKind.Multiclass ? 3 : 1;
        using var stream = new MemoryStream();
        TreeExport.Write(stream, Signature(task, Kept), Kept, [.. Enumerable.Range(0, 2 * scores).Select(t =>
            new Tree([new(t % Kept.Width, 0.1 * t, t % 2 == 0, 1, 2, 0), new(-1, 0, false, 0, 0, 0.25 * t), new(-1, 0, false, 0, 0, -1.5)],
                t % scores))]);
        Assert.Equal(hash, Hash(stream));
    }

    private static TableSignature Signature(TaskKind task, FeatureEncoding encoding) => new(task, "label", ["x", "y"], ["site", "grade"],
        task switch { TaskKind.Binary => ["no", "yes"], TaskKind.Multiclass => ["low", "mid", "high"], _ => [] },
        new Dictionary<string, IReadOnlyList<string>> { ["site"] = encoding.Categories[0], ["grade"] = encoding.Categories[1] });

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 7 - 3) / 8f)];

    private static string Hash(MemoryStream stream) => Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
}
