using Microsoft.DurableTask.Client;

namespace TriOps.Durable;

/// <summary>Durable's client, for services that live as long as the process. Durable hands it out only as a binding of a function, so every
/// function that leads to <see cref="DurableWorkflows"/> binds it and passes it on here. One app has one task hub: it is the same client
/// each time.</summary>
public sealed class DurableConnection
{
    private volatile DurableTaskClient? client;

    /// <summary>The client.</summary>
    /// <exception cref="InvalidOperationException">No function has passed one on yet.</exception>
    public DurableTaskClient Client =>
        client ?? throw new InvalidOperationException(
        "The Durable client is not known yet: the function that leads here lacks [DurableClient], or does not pass it on.");

    /// <summary>Passes a client on.</summary>
    public void Use(DurableTaskClient bound) => client = bound;
}
