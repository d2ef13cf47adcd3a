using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using TriOps.Core.Governance;

namespace TriOps.Api.Security;

/// <summary>Keeps who asks with the request.</summary>
public static class Callers
{
    /// <summary>Who asks.</summary>
    /// <exception cref="InvalidOperationException">No <see cref="RequestGuard"/> stands before the routes.</exception>
    public static Caller Caller(this HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("Nobody asked who is asking: the pipeline has no RequestGuard.");

    internal static void SetCaller(this HttpContext context, Caller caller)
    {
        context.Features.Set(caller);
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], "triops"));
    }
}
