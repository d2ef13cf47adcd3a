namespace TriOps.Core;

/// <summary>An error whose message is meant for the user: what happened, with values; why; the next move.</summary>
/// <param name="code">Stable, kebab-case, for programs: "dataset-empty".</param>
/// <param name="message">For people.</param>
/// <param name="inner">The cause, if there is one.</param>
public class TriOpsException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable, kebab-case error code.</summary>
    public string Code { get; } = code;
}

/// <summary>The user's input is wrong: trying again without a change will not help.</summary>
public sealed class InvalidInputException(string code, string message, Exception? inner = null) : TriOpsException(code, message, inner);

/// <summary>What was asked for does not exist.</summary>
public sealed class NotFoundException(string code, string message) : TriOpsException(code, message);

/// <summary>The state does not allow the command, or somebody else changed it first.</summary>
public sealed class ConflictException(string code, string message, Exception? inner = null) : TriOpsException(code, message, inner);

/// <summary>Whoever asks is known, and may not do this: trying again will not help, another caller or another role would.</summary>
public sealed class ForbiddenException(string code, string message) : TriOpsException(code, message);
