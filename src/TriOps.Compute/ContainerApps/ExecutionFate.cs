using TriOps.Core.Compute;

namespace TriOps.Compute;

/// <summary>Says why an execution came to nothing, from the most telling sign to the least: what its containers say, their exit codes, its
/// status, its times.</summary>
/// <remarks>Words are those of Kubernetes' container states, which Container Apps passes on. Exit codes 2 and 3 are the trainer's; 126 and
/// 127 a shell's; 128 + n stands for signal n.</remarks>
internal static class ExecutionFate
{
    private const int Sigkill = 137, Sigterm = 143;

    private static readonly (AttemptFate Fate, string Told, string[] Words)[] Signs =
    [
        (AttemptFate.ImagePull, "cannot fetch its image",
            ["ImagePull", "ErrImage", "InvalidImageName", "ImageInspectError", "manifest unknown", "failed to pull", "pull access denied"]),
        (AttemptFate.OutOfMemory, "needed more memory than its profile has", ["OOMKilled", "OutOfMemory", "out of memory"]),
        (AttemptFate.Evicted, "was evicted from its machine",
        ["Evicted", "Preempt", "NodeShutdown", "NodeLost", "NodeNotReady", "TerminationByKubelet"]),
        (AttemptFate.TimeLimit, "ran into the job's replica time-out", ["DeadlineExceeded", "ReplicaTimeout", "replica timeout"]),
        (AttemptFate.StartUp, "could not start its container",
        ["CreateContainer", "RunContainerError", "StartError", "ContainerCannotRun", "exec format error", "CrashLoopBackOff"]),
    ];

    /// <summary>The fate of an execution that is over, and its text for people.</summary>
    /// <param name="execution">As shown, with causes where the API shows them.</param>
    /// <param name="hasBeaten">Whether the trainer ever gave a sign of life in this attempt.</param>
    /// <param name="timeout">The job's replica time-out, if known.</param>
    public static (AttemptFate Fate, string Reason) Of(Execution execution, bool hasBeaten, TimeSpan? timeout)
    {
        if (ByWords(execution) is { } told) return told;
        if (execution.Causes.FirstOrDefault(c => c.ExitCode is > 0) is { ExitCode: { } code } cause) return ByCode(code, cause.Words);
        if (execution.Status == "Stopped") return (AttemptFate.Stopped, "was stopped");
        if (timeout is { } limit && execution.Ended - execution.Started >= limit)
            return (AttemptFate.TimeLimit, $"ran into the job's replica time-out of {limit.TotalSeconds:0} s");
        if (!hasBeaten)
            return (AttemptFate.StartUp,
                "ended before the trainer's first sign of life: its image could not be fetched, or its container did not start");
        return (AttemptFate.Unexplained, "ended without a result, and Azure does not say why");
    }

    /// <summary>What the containers' words say, or null. Also of an execution that is not over: a failing pull goes on for ever.</summary>
    public static (AttemptFate Fate, string Reason)? ByWords(Execution execution)
    {
        foreach (var (fate, told, words) in Signs)
            foreach (var cause in execution.Causes)
                if (words.Any(w => cause.Words.Contains(w, StringComparison.OrdinalIgnoreCase)))
                    return (fate, $"{told} ({cause.Words}){Advice(fate)}");
        return null;
    }

    private static (AttemptFate, string) ByCode(int code, string words)
    {
        var said = words.Length > 0 ? $" ({words})" : "";
        return code switch
        {
            2 => (AttemptFate.UserError, $"ended with exit code 2{said}: its arguments or settings are wrong; what it printed says which"),
            3 => (AttemptFate.Evicted, "was asked to go by its machine, and left a checkpoint"),
            126 or 127 => (AttemptFate.StartUp, $"could not start its container (exit code {code}){said}"),
            Sigkill => (AttemptFate.Unexplained, $"was killed (exit code 137){said}: it needed too much memory, or its machine went away"),
            Sigterm => (AttemptFate.Evicted, $"was asked to go by its machine (exit code 143){said}"),
            _ => (AttemptFate.Unexplained, $"crashed with exit code {code}{said}"),
        };
    }

    private static string Advice(AttemptFate fate) => fate switch
    {
        AttemptFate.ImagePull => "; check the image's name and the identity's AcrPull role on the registry",
        AttemptFate.OutOfMemory => "; choose a larger 'compute' profile for the pipeline, or search smaller models",
        _ => "",
    };
}
