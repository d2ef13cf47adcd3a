namespace TriOps.Core.Workflows;

/// <summary>Why a step failed. The exception itself does not travel.</summary>
/// <param name="ErrorType">Full name of the exception's type.</param>
/// <param name="Message">Its message, for people: nothing is decided by it.</param>
/// <param name="Details">Stack trace or more, for people.</param>
/// <param name="Code">A <see cref="TriOpsException"/>'s code; null for other exceptions.</param>
public sealed record StepFailure(string ErrorType, string Message, string? Details = null, string? Code = null)
{
    /// <summary>Error types that no retry can help.</summary>
    private static readonly string[] Permanent =
        [typeof(InvalidInputException).FullName!, typeof(NotFoundException).FullName!, typeof(ConflictException).FullName!];

    /// <summary>True when trying again cannot help.</summary>
    public bool IsPermanent => Permanent.Contains(ErrorType);

    /// <summary>The failure an exception amounts to; a <see cref="StepFailedException"/> keeps the one it carries.</summary>
    public static StepFailure Of(Exception e) => e is StepFailedException step ? step.Failure
        : new(e.GetType().FullName!, e.Message, e.ToString(), (e as TriOpsException)?.Code);

    /// <summary>What became of a workflow that was ended from outside.</summary>
    /// <param name="workflow">Its name, and its id.</param>
    /// <param name="reason">Null: only its own output tells.</param>
    public static StepFailure Terminated(string workflow, string? reason) =>
        new(typeof(OperationCanceledException).FullName!,
            $"{workflow} was terminated{(string.IsNullOrEmpty(reason) ? "; its output says why." : $": {reason}")}",
            Code: "workflow-terminated");
}

/// <summary>An activity or a child workflow failed.</summary>
public sealed class StepFailedException(string step, StepFailure failure) : Exception($"{step} failed: {failure.Message}")
{
    /// <summary>The activity's or workflow's name.</summary>
    public string Step { get; } = step;

    /// <summary>Why.</summary>
    public StepFailure Failure { get; } = failure;
}
