using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TriOps.LocalHost.Journal;

/// <summary>Keeps this host's lease, and finds work: what other processes started or sent, and what a dead host left.</summary>
public sealed class JournalEngine(JournalHub hub) : BackgroundService
{
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private DateTimeOffset beatUntil;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        hub.Busy.Enter(); // until the first look is done
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var ready = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!ready) await hub.Store.InitializeAsync(stoppingToken);
                await BeatAsync(stoppingToken);
                if (!ready) hub.Open();
                await LookAsync(stoppingToken);
                if (!ready) hub.Busy.Exit();
                ready = true;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { return; }
            catch (Exception e) { hub.Log.LogWarning(e, "The workflow journal could not be read; it is tried again in {Poll}.", hub.Options.Poll); }
            await Task.Delay(hub.Options.Poll, hub.Time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await hub.CloseAsync(cancellationToken);
        await base.StopAsync(cancellationToken);
        // Gives back every instance at once: the next host need not wait for the lease.
        try { await hub.Store.LeaveAsync(hub.Identity.Id, CancellationToken.None); }
        catch (Exception e) { hub.Log.LogWarning(e, "The host's lease could not be given back; it runs out in {Lease}.", hub.Options.Lease); }
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        var now = hub.Time.GetUtcNow();
        if (beatUntil - now > hub.Options.Lease * 2 / 3) return;
        await hub.Store.BeatAsync(hub.Identity.Row(now + hub.Options.Lease), ct);
        beatUntil = now + hub.Options.Lease;
    }

    private async Task LookAsync(CancellationToken ct)
    {
        var scan = await hub.Store.ScanAsync(ct);
        var now = hub.Time.GetUtcNow();
        var alive = scan.Hosts.Where(h => HostIdentity.IsAlive(h, now)).Select(h => h.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var active in scan.Active)
        {
            var known = tokens.TryGetValue(active.InstanceId, out var token) && token == active.Token;
            if (!(known && hub.Runs(active.InstanceId)) && !hub.BelongsToOther(active.InstanceId, alive)) hub.Look(active.InstanceId);
            tokens[active.InstanceId] = active.Token;
        }
        foreach (var gone in tokens.Keys.Except(scan.Active.Select(a => a.InstanceId)).ToList()) tokens.Remove(gone);
        foreach (var dead in scan.Hosts.Where(h => !alive.Contains(h.Id) && h.Until < now - TimeSpan.FromHours(1))) await hub.Store.LeaveAsync(dead.Id, ct);
    }
}
