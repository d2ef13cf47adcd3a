using TriOps.Core;

namespace TriOps.Compute;

/// <summary>Azure Resource Manager did not do what it was asked within the time there was. Trying again later may help.</summary>
/// <param name="what">The request.</param>
/// <param name="answer">The last answer.</param>
public sealed class ComputeUnavailableException(string what, string answer)
    : TriOpsException("compute-unavailable",
    $"Azure Resource Manager did not carry out {what}; its last answer: {answer}. The workflow tries again by itself.");
