namespace TriOps.Core.Compute;

/// <summary>What a compute target knows of an attempt.</summary>
public enum AttemptState { /// <summary>Never started here, or forgotten.</summary>
    Unknown, /// <summary>Accepted or running.</summary>
    Running, /// <summary>Over, for whatever reason.</summary>
    Ended, /// <summary>Accepted, and waiting for a machine: neither its time limit nor the start-up time has begun.</summary>
    Queued }

/// <summary>Why an attempt cannot go on.</summary>
public enum AttemptFate { /// <summary>It ended without a result, and nothing says why.</summary>
    Unexplained, /// <summary>The machine was taken away, or the process was asked to go.</summary>
    Evicted, /// <summary>It needed more memory than its profile has.</summary>
    OutOfMemory, /// <summary>Its image cannot be fetched.</summary>
    ImagePull, /// <summary>Its container did not start, or ended before the trainer's first sign of life.</summary>
    StartUp, /// <summary>The platform's own limit for one replica ended it.</summary>
    TimeLimit, /// <summary>Its settings or arguments are wrong.</summary>
    UserError, /// <summary>Somebody stopped it.</summary>
    Stopped, /// <summary>The platform does not know it any more.</summary>
    Vanished }

/// <summary>Where an attempt stands.</summary>
/// <param name="State">As the target sees it.</param>
/// <param name="Fate">Why it cannot go on; null: it can, or the target does not know.</param>
/// <param name="Reason">The fate for people: goes on after "attempt 2 ".</param>
public sealed record AttemptReport(AttemptState State, AttemptFate? Fate = null, string? Reason = null)
{
    /// <summary>True: another attempt would end the same way.</summary>
    public bool IsFinal => Fate is AttemptFate.OutOfMemory or AttemptFate.ImagePull or AttemptFate.UserError;
}

/// <summary>What an attempt took.</summary>
/// <param name="DeviceSeconds">Seconds on the device, 0 or more.</param>
/// <param name="Cost">Their price, or null where the target has none.</param>
public sealed record AttemptBill(double DeviceSeconds, Money? Cost);
