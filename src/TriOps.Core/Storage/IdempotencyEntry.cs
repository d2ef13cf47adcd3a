using TriOps.Core.Content;

namespace TriOps.Core.Storage;

/// <summary>A command that came over HTTP with an Idempotency-Key, and its answer once it has one.</summary>
/// <remarks>Not user data, but a note of the server's to itself: what the command did is in its aggregate and in the audit log. That is why
/// these rows may go without a command.</remarks>
/// <param name="Body">Hash of the request's body: the key belongs to it.</param>
/// <param name="At">When the key was first seen; a day later it is free again, and the row goes with the next sweep.</param>
/// <param name="Status">The answer's HTTP status; null while it is worked on.</param>
/// <param name="ContentType">The answer's.</param>
/// <param name="Location">The answer's.</param>
/// <param name="Answer">The answer's body as text.</param>
public sealed record IdempotencyEntry(ContentId Body, DateTimeOffset At, int? Status = null, string? ContentType = null,
    string? Location = null, string? Answer = null);
