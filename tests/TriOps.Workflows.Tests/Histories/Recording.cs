using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.Testing.Durable;

namespace TriOps.Workflows.Tests;

/// <summary>Runs an orchestration as it is over steps of the test, and holds what it does against the file that was recorded.</summary>
internal static class Recording
{
    /// <summary>Where the files are.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "tests", "Histories");

    /// <summary>The orchestration, started and driven as far as it goes by itself.</summary>
    public static async Task<DurableBench> StartAsync<T, TIn, TOut>(TIn input, string id, Action<DurableBench> steps)
        where T : IOrchestration<TIn, TOut>, new()
    {
        var bench = new DurableBench().Run<T, TIn, TOut>();
        steps(bench);
        await bench.StartAsync(T.Name, input, id);
        return bench;
    }

    /// <summary>The result of an instance that has completed. Its history is what the file says, entry by entry; with TRIOPS_RECORD=1 it is
    /// written first.</summary>
    public static TOut Result<TOut>(DurableBench bench, string id, string file)
    {
        var history = bench.Hub.History(id);
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("TRIOPS_RECORD") == "1")
            File.WriteAllText(path, Stackless.Of(DurableHistory.Write(history)) + "\n");
        Assert.Equal(RecordedHistory.Shape(DurableHistory.Read(File.ReadAllText(path))), RecordedHistory.Shape(history));
        return bench.Result<TOut>(id);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Functions.sln"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not lie in the repository.");
    }
}
