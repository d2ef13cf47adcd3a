using Azure.Core;

namespace TriOps.Compute;

/// <summary>The bearer token for Azure Resource Manager, kept until shortly before it ends.</summary>
internal sealed class ArmToken(TokenCredential credential, TimeProvider time) : IDisposable
{
    private static readonly TokenRequestContext Request = new(["https://management.azure.com/.default"]);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim gate = new(1, 1);
    private AccessToken? held;

    /// <summary>A token that is still good; one request at a time asks for a new one.</summary>
    public async Task<string> GetAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            var now = time.GetUtcNow();
            if (held is not { } token || now >= token.ExpiresOn - Early || now >= token.RefreshOn)
                held = token = await credential.GetTokenAsync(Request, ct);
            return token.Token;
        }
        finally { gate.Release(); }
    }

    /// <summary>The token was refused: the next one is new.</summary>
    public async Task ForgetAsync(string refused, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        if (held?.Token == refused) held = null;
        gate.Release();
    }

    public void Dispose() => gate.Dispose();
}
