using System.Security.Cryptography;
using System.Text.Json;
using TriOps.Cli.Host;
using TriOps.Core;

namespace TriOps.Cli.Demo;

/// <summary>What an earlier demo did in this state directory: {state}/demo-{name}.json.</summary>
/// <param name="Sha256">Of the file it uploaded, in hexadecimal.</param>
/// <param name="WorkflowId">What the upload started.</param>
internal sealed record DemoMemory(string Sha256, string WorkflowId)
{
    /// <summary>What is remembered, or null.</summary>
    public static DemoMemory? Read(StateDirectory state, string name)
    {
        try { return JsonSerializer.Deserialize<DemoMemory>(File.ReadAllBytes(PathOf(state, name)), TriOpsJson.Options); }
        catch (Exception e) when (e is IOException or JsonException) { return null; }
    }

    /// <summary>Remembers this.</summary>
    public void Write(StateDirectory state, string name) =>
        File.WriteAllBytes(PathOf(state, name), JsonSerializer.SerializeToUtf8Bytes(this, TriOpsJson.Options));

    /// <summary>A file's SHA-256, in hexadecimal.</summary>
    public static async Task<string> HashAsync(string path, CancellationToken ct)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    private static string PathOf(StateDirectory state, string name) => state.File($"demo-{name}.json");
}
