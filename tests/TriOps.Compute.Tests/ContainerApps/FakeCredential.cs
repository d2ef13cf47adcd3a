using Azure.Core;

namespace TriOps.Compute.Tests;

/// <summary>Gives token-1, token-2, … each good for an hour.</summary>
internal sealed class FakeCredential(TimeProvider time) : TokenCredential
{
    public int Given { get; private set; }

    public List<string> Scopes { get; } = [];

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Scopes.AddRange(requestContext.Scopes);
        return new($"token-{++Given}", time.GetUtcNow().AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        new(GetToken(requestContext, cancellationToken));
}
