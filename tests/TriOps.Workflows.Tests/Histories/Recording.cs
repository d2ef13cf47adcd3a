using TriOps.Core.Workflows;
using TriOps.LocalHost.Journal;

namespace TriOps.Workflows.Tests;

/// <summary>Runs an orchestration as it is over steps of the test, and holds what it does against the file that was recorded.</summary>
internal static class Recording
{
    /// <summary>The orchestration, started and driven as far as it goes by itself.</summary>
    public static async Task<JournalHarness> StartAsync<T, TIn, TOut>(TIn input, string id, Action<JournalHarness> steps) where T : IOrchestration<TIn, TOut>, new()
    {
        var engine = new JournalHarness();
        engine.Orchestration(T.Name, (w, i) => new T().Run(w, i));
        steps(engine);
        await engine.StartAsync();
        await engine.Workflows.StartAsync(T.Name, input, id, default);
        await engine.SettleAsync();
        return engine;
    }

    /// <summary>The result of an instance that has completed. Its history is what the file says, entry by entry; with TRIOPS_RECORD=1 it is written first.</summary>
    public static async Task<TOut> ResultAsync<TOut>(JournalHarness engine, string id, string file)
    {
        var history = await RecordedHistory.OfAsync(engine.Store, id);
        if (Environment.GetEnvironmentVariable("TRIOPS_RECORD") == "1") history.Write(file);
        var result = Assert.IsType<ExecutionCompleted>(history.Events[^1]).Data!.Read<TOut>();
        Assert.Equal(RecordedHistory.Read(file).Events.Select(Shape), history.Events.Select(Shape));
        return result;
    }

    /// <summary>An activity with one answer.</summary>
    public static void Answer<TIn, TOut>(this JournalHarness engine, ActivityName<TIn, TOut> name, TOut answer) => engine.Activity(name, _ => Task.FromResult(answer));

    /// <summary>A child workflow with one answer.</summary>
    public static void Answer<TIn, TOut>(this JournalHarness engine, WorkflowName<TIn, TOut> name, TOut answer) => engine.Orchestration(name, (_, _) => Task.FromResult(answer));

    private static string Shape(JournalEvent e) => e is ScheduledAction action ? action.What : e.GetType().Name;
}
