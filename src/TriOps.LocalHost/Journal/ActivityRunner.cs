using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>Runs one call of an activity: within the limit of the host, in a DI scope and a span of its own.</summary>
internal static class ActivityRunner
{
    private const int MaxMessage = 4_000, MaxDetails = 8_000;

    /// <summary>Begins it. <paramref name="ended"/> is called once, unless the host stops first: then the next host runs it again.</summary>
    public static Task Start(JournalHub hub, string instanceId, int execution, StepScheduled step, string? trace, Action<Outcome> ended)
    {
        hub.Busy.Enter();
        return Task.Run(async () =>
        {
            var ct = hub.Stopping.Token;
            try
            {
                await hub.Options.Gate(ct);
                await hub.ActivitySlots.WaitAsync(ct);
                Outcome outcome;
                try { outcome = await RunAsync(hub, instanceId, execution, step, trace, ct); }
                finally { hub.ActivitySlots.Release(); }
                ended(outcome);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { }
            finally { hub.Busy.Exit(); }
        }, CancellationToken.None);
    }

    private static async Task<Outcome> RunAsync(JournalHub hub, string instanceId, int execution, StepScheduled step, string? trace, CancellationToken ct)
    {
        using var span = JournalSpans.Step(step.Name, instanceId, trace);
        try
        {
            var input = await hub.Payloads.LoadAsync(step.Data, ct) ?? new();
            await using var scope = hub.Scopes.CreateAsyncScope();
            return new(execution, step.Seq, await hub.Registry.Activity(step.Name)(scope.ServiceProvider, input, ct), null);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { throw; }
        catch (Exception e)
        {
            span?.SetStatus(System.Diagnostics.ActivityStatusCode.Error, e.Message);
            var failure = StepFailure.Of(e);
            return new(execution, step.Seq, null, failure with { Message = Cut(failure.Message, MaxMessage)!, Details = Cut(failure.Details, MaxDetails) });
        }
    }

    private static string? Cut(string? text, int max) => text is null || text.Length <= max ? text : text[..max] + "…";
}
