using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.DurableTask;
using TriOps.Core;
using TriOps.Core.Workflows;

namespace TriOps.Durable;

/// <summary>What every activity and orchestration function throws: of an exception only the text is sure to arrive on the other side of
/// Durable, so the text carries the failure whole, in base64 behind the words for people.</summary>
public sealed partial class StepFaultException(StepFailure failure) : Exception(Format(Cut(failure)))
{
    private const int MaxMessage = 4_000, MaxDetails = 4_000;

    /// <summary>The failure that Durable reports of an activity or a child.</summary>
    /// <param name="e">What awaiting it threw.</param>
    /// <param name="step">What was awaited, for people.</param>
    public static StepFailure Read(TaskFailedException e, string step) =>
        // A terminated child has no details, and Durable keeps its reason from the parent.
        e.FailureDetails is { } details ? Read(details) : StepFailure.Terminated(step, null);

    /// <summary>What became of a child that was ended from outside: its reason is JSON, as every output is, or what a person wrote in the
    /// portal.</summary>
    public static StepFailure Terminated(string step, string? reason)
    {
        if (reason is ['"', ..])
            try { reason = JsonSerializer.Deserialize<string>(reason, TriOpsJson.Options); }
            catch (JsonException) { /* Words, then. */ }
        return StepFailure.Terminated(step, reason);
    }

    /// <summary>The failure in Durable's details of one.</summary>
    public static StepFailure Read(TaskFailureDetails details)
    {
        for (var d = details; d is not null; d = d.InnerFailure)
            if (Find(d.ErrorMessage) is { } found) return found;
        return new(details.ErrorType, details.ErrorMessage, details.StackTrace);
    }

    /// <summary>The failure in an instance's failure details, or in the output that stands in for them.</summary>
    public static StepFailure Read(TaskFailureDetails? details, string? output) => details is not null ? Read(details)
        : ReadText(null, output);

    /// <summary>The failure in a text.</summary>
    public static StepFailure ReadText(string? type, string? text) => Find(text) ?? new(type ?? "", text ?? "No reason was recorded.");

    private static StepFailure? Find(string? text)
    {
        if (text is null || Carried().Match(text) is not { Success: true } match) return null;
        try { return JsonSerializer.Deserialize<StepFailure>(Convert.FromBase64String(match.Groups[1].Value), TriOpsJson.Options); }
        catch (Exception e) when (e is FormatException or JsonException) { return null; } // Cut short on its way: the words remain.
    }

    private static string Format(StepFailure failure) =>
        $"{failure.ErrorType}: {failure.Message} [failure "
            + $"{Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(failure, TriOpsJson.Options))}]";

    private static StepFailure Cut(StepFailure f) => f with { Message = Cut(f.Message, MaxMessage)!, Details = Cut(f.Details, MaxDetails) };

    private static string? Cut(string? text, int max) => text is null || text.Length <= max ? text : text[..max] + "…";

    [GeneratedRegex(@"\[failure ([A-Za-z0-9+/=]+)\]")]
    private static partial Regex Carried();
}
