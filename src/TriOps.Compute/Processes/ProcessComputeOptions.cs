namespace TriOps.Compute;

/// <summary>How trainers are run as child processes.</summary>
/// <param name="Command">Program and first arguments, looked up when a job starts; "--job {id} --attempt {n}" is added.</param>
/// <param name="Folder">For the traces of attempts: .triops/jobs.</param>
/// <param name="Environment">Set for the trainer besides what the host has: the storage's connection string.</param>
/// <param name="MaxParallel">Processes at once; further attempts wait in line. At least 1.</param>
public sealed record ProcessComputeOptions(Func<IReadOnlyList<string>> Command, string Folder,
    IReadOnlyDictionary<string, string> Environment, int MaxParallel)
{
    /// <summary>As many as there are cores, but two at least: a trainer spends part of its time reading and writing.</summary>
    public static int DefaultParallel => Math.Max(2, System.Environment.ProcessorCount);
}
