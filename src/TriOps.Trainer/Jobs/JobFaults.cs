using TriOps.Core;
using TriOps.Core.Projects;

namespace TriOps.Trainer.Jobs;

/// <summary>Which errors end a job for good, and what is said of them.</summary>
internal static class JobFaults
{
    private const int UnixNoSpace = 28;               // ENOSPC, as .NET puts it into HResult
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>The text for people, or null for an error after which another attempt may do better.</summary>
    public static string? Explain(Exception error) => error switch
    {
        ConflictException => null,
        TriOpsException e => $"{e.Message} ({e.Code})",
        OutOfMemoryException =>
        $"The job ran out of memory ({GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20} MiB were available). Train on fewer rows or "
        + $"columns, lower '{ProjectKey.Parallel}' in the search, or give the trainer more memory.",
        IOException { HResult: UnixNoSpace or WindowsDiskFull } e =>
        $"The disk is full: {e.Message} Free some space and start the run again.",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };
}
