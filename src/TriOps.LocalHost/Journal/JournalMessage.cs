using System.Text.Json.Serialization;
using TriOps.Core.Workflows;

namespace TriOps.LocalHost.Journal;

/// <summary>Something that arrives at an instance from outside, kept in its inbox until a turn moves it into the history.</summary>
/// <param name="Id">Row key: inbox order, and the same for every delivery of the same message.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RaiseMessage), "raise")]
[JsonDerivedType(typeof(TerminateMessage), "terminate")]
[JsonDerivedType(typeof(JoinMessage), "join")]
[JsonDerivedType(typeof(ChildEndedMessage), "childEnded")]
public abstract record JournalMessage(string Id)
{
    private static long last;

    /// <summary>Payload, where the kind has one.</summary>
    public Payload? Data { get; init; }

    /// <summary>A new message id; later ids sort later, within a process strictly.</summary>
    public static string NewId(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcTicks;
        long before, next;
        do { before = Volatile.Read(ref last); next = Math.Max(now, before + 1); }
        while (Interlocked.CompareExchange(ref last, next, before) != before);
        return $"{next:D19}-{Guid.NewGuid():N}";
    }
}

/// <summary>An external event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">The event's name.</param>
/// <param name="Sent">True when another instance sent it: it may then be delivered again after it was taken.</param>
public sealed record RaiseMessage(string Id, string Name, bool Sent) : JournalMessage(Id);

/// <summary>Ends the instance.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Reason">Becomes the output.</param>
/// <param name="OnlyIfStartedBy">Set when a parent ends its children: an instance that someone else started goes on.</param>
public sealed record TerminateMessage(string Id, string Reason, Waiter? OnlyIfStartedBy) : JournalMessage(Id);

/// <summary>Asks to be told of the end.</summary>
public sealed record JoinMessage(string Id, Waiter Waiter) : JournalMessage(Id);

/// <summary>Tells a waiter of a child's end: <see cref="JournalMessage.Data"/> is the result unless <paramref name="Failure"/> is set.</summary>
public sealed record ChildEndedMessage(string Id, int Execution, int Seq, StepFailure? Failure) : JournalMessage(Id);

/// <summary>A message that a commit has decided to send; delivered after the commit, again after a crash.</summary>
public sealed record OutMessage(string Target, JournalMessage Message);
