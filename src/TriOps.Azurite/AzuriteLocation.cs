using System.Diagnostics;
using System.Text.Json;
using TriOps.Core;

namespace TriOps.Azurite;

/// <summary>What is remembered beside Azurite's data: the ports it had, and which process has it open.</summary>
internal static class AzuriteLocation
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private sealed record Holder(int ProcessId, DateTimeOffset StartedAt);

    public static AzuriteEndpoints ReadPorts(string location) => Read<AzuriteEndpoints>(PortsFile(location)) ?? AzuriteEndpoints.Any;

    public static void Remember(string location, AzuriteEndpoints ports) => Write(PortsFile(location), ports);

    /// <summary>Says which process has the data open, or is about to.</summary>
    public static void Hold(string location, Process process)
    {
        try { Write(HolderFile(location), new Holder(process.Id, process.StartTime)); }
        catch (InvalidOperationException) { /* It has ended already, and has nothing open. */ }
    }

    public static void Forget(string location) => File.Delete(HolderFile(location));

    /// <summary>Waits for an earlier Azurite on the same data. One whose parent was killed needs a moment to save; one that does not end is
    /// stopped, for two on the same files would destroy them.</summary>
    public static async Task WaitUntilFreeAsync(string location, CancellationToken ct)
    {
        if (Read<Holder>(HolderFile(location)) is not { } holder || Find(holder) is not { } process) return;
        using (process)
        {
            try { await process.WaitForExitAsync(ct).WaitAsync(Patience, ct); }
            catch (TimeoutException)
            {
                process.Kill();
                await process.WaitForExitAsync(ct);
            }
        }
    }

    private static Process? Find(Holder holder)
    {
        try
        {
            var process = Process.GetProcessById(holder.ProcessId);
            if (!process.HasExited && (process.StartTime - holder.StartedAt).Duration() < TimeSpan.FromSeconds(2)) return process;
            process.Dispose();
        }
        catch (ArgumentException) { /* Gone. */ }
        catch (InvalidOperationException) { /* Gone in between. */ }
        return null;
    }

    private static T? Read<T>(string file) where T : class
    {
        try { return JsonSerializer.Deserialize<T>(File.ReadAllBytes(file), TriOpsJson.Options); }
        catch (Exception e) when (e is FileNotFoundException or JsonException) { return null; }
    }

    private static void Write<T>(string file, T value)
    {
        File.WriteAllBytes(file + ".part", JsonSerializer.SerializeToUtf8Bytes(value, TriOpsJson.Options));
        File.Move(file + ".part", file, overwrite: true);
    }

    private static string PortsFile(string location) => Path.Combine(location, "ports.json");

    private static string HolderFile(string location) => Path.Combine(location, "process.json");
}
