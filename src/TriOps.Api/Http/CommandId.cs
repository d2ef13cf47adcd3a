using Microsoft.AspNetCore.Http;

namespace TriOps.Api.Http;

/// <summary>Tells a command from its repeats: derived from the Idempotency-Key where the request has one, else new.</summary>
/// <param name="Suffix">12 hexadecimal digits.</param>
public sealed record CommandId(string Suffix)
{
    /// <summary>From the request's header.</summary>
    public static ValueTask<CommandId?> BindAsync(HttpContext context) =>
        ValueTask.FromResult<CommandId?>(
            new(Idempotency.Key(context) is { } key ? Idempotency.Hash(context, key).Short : Guid.NewGuid().ToString("N")[..12]));
}
