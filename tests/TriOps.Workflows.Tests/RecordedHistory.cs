using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core;
using TriOps.LocalHost.Journal;
using TriOps.LocalHost.Workflows;

namespace TriOps.Workflows.Tests;

/// <summary>A history as it was recorded, in tests/Histories: today's code must still be able to follow it.</summary>
/// <param name="Version">Of the file's format: 1.</param>
/// <param name="InstanceId">Whose it is.</param>
/// <param name="Events">In order, payloads in place.</param>
public sealed record RecordedHistory(int Version, string InstanceId, IReadOnlyList<JournalEvent> Events)
{
    private static readonly JsonSerializerOptions Readable = new(TriOpsJson.Options) { WriteIndented = true };

    /// <summary>The files that are there.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests", "Histories");

    /// <summary>The current execution of an instance, from the store.</summary>
    public static async Task<RecordedHistory> OfAsync(IJournalStore store, string instanceId)
    {
        var stored = await store.LoadAsync(instanceId, default) ?? throw new NotFoundException("workflow-missing", instanceId);
        return new(1, instanceId, [.. stored.History.Select(WithoutTrace)]);
    }

    /// <summary>Reads a file.</summary>
    public static RecordedHistory Read(string name) =>
        JsonSerializer.Deserialize<RecordedHistory>(File.ReadAllText(Path.Combine(Folder, name)), Readable) is { Version: 1 } history ? history
            : throw new InvalidDataException($"{name} is not a recorded history of version 1.");

    /// <summary>Writes a file.</summary>
    public void Write(string name)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), JsonSerializer.Serialize(this, Readable) + "\n");
    }

    /// <summary>Feeds the history to today's code.</summary>
    /// <exception cref="TriOps.Core.Workflows.NonDeterministicException">The code has diverged.</exception>
    public void Replay(WorkflowRegistry registry)
    {
        var start = (ExecutionStarted)Events[0];
        Replayer.Replay(new OrchestrationRun(InstanceId, start, registry.Orchestration(start.Workflow), NullLogger.Instance), Events);
    }

    /// <summary>A stack trace says where the test was built, and no orchestration reads it.</summary>
    private static JournalEvent WithoutTrace(JournalEvent e) => e switch
    {
        StepFailed step => step with { Failure = step.Failure with { Details = null } },
        ChildFailed child => child with { Failure = child.Failure with { Details = null } },
        _ => e,
    };

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Local.slnf"))) return folder.FullName;
        throw new DirectoryNotFoundException($"No Local.slnf above {AppContext.BaseDirectory}.");
    }
}
