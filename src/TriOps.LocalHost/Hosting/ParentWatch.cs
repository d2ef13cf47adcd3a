using System.Diagnostics;

namespace TriOps.LocalHost.Hosting;

/// <summary>Ends the host when the process that started it has gone.</summary>
public sealed class ParentWatch(int parent, IHostApplicationLifetime lifetime, ILogger<ParentWatch> log) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var process = Process.GetProcessById(parent);
            await process.WaitForExitAsync(stoppingToken);
        }
        catch (ArgumentException) { /* Gone before we looked. */ }
        catch (OperationCanceledException) { return; }
        log.LogInformation("The process {Parent} that started this host has gone; ending", parent);
        lifetime.StopApplication();
    }
}
