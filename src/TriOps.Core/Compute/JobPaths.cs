using TriOps.Core.Steps;
using TriOps.Core.Storage;

namespace TriOps.Core.Compute;

/// <summary>Where a job's files lie in the jobs container.</summary>
public static class JobPaths
{
    /// <summary>The <see cref="JobSpec"/>.</summary>
    public static BlobPath Spec(string jobId) => new(Containers.Jobs, $"{jobId}/spec.json");
    /// <summary>The latest <see cref="JobAttempt"/>, written before it is started: what must be stopped when the job's workflow is
    /// gone.</summary>
    public static BlobPath Attempt(string jobId) => new(Containers.Jobs, $"{jobId}/attempt.json");
    /// <summary>The latest <see cref="JobHeartbeat"/>.</summary>
    public static BlobPath Heartbeat(string jobId) => new(Containers.Jobs, $"{jobId}/heartbeat.json");
    /// <summary>The latest checkpoint, whose format is the family's.</summary>
    public static BlobPath Checkpoint(string jobId) => new(Containers.Jobs, $"{jobId}/checkpoint");
    /// <summary>The <see cref="JobEnd"/>.</summary>
    public static BlobPath End(string jobId) => new(Containers.Jobs, $"{jobId}/end.json");
    /// <summary>Written before an attempt is started in a container: whoever finds it knows that an execution may exist.</summary>
    public static BlobPath Start(string jobId, int attempt) => new(Containers.Jobs, $"{jobId}/start-{attempt}.json");
    /// <summary>Which execution counts as the attempt.</summary>
    public static BlobPath Execution(string jobId, int attempt) => new(Containers.Jobs, $"{jobId}/execution-{attempt}.json");
    /// <summary>What an attempt printed.</summary>
    public static BlobPath Log(string jobId, int attempt) => new(Containers.Jobs, $"{jobId}/log-{attempt}.txt");
}
