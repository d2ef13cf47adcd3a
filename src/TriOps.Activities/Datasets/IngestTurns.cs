using System.Diagnostics.CodeAnalysis;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Steps;

namespace TriOps.Activities.Datasets;

/// <summary>What the steps of an ingestion say when they cannot go on where they stand.</summary>
internal static class IngestTurns
{
    /// <summary>A step that an older version asked for, in its own format, is asked for again by today's orchestration.</summary>
    /// <exception cref="ConflictException">It has no key (code dataset-turn-lost).</exception>
    public static void RefuseOlder([NotNull] string? key)
    {
        if (string.IsNullOrEmpty(key))
            throw new ConflictException(IngestSteps.TurnLost,
                "This step was asked for by an older version, which did not say for which ingestion. It is asked for again, from "
                + "staging on.");
    }

    /// <summary>The turn is another's, or nothing waits.</summary>
    public static ConflictException Lost(string key, string what) =>
        new(IngestSteps.TurnLost, $"{key} cannot make a version: {what}. Stage the file again.");
}
