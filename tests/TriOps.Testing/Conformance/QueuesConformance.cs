using TriOps.Core.Storage;
using Xunit;

namespace TriOps.Testing.Conformance;

/// <summary>What every <see cref="IQueues"/> does.</summary>
public abstract class QueuesConformance
{
    private static readonly CancellationToken Ct = CancellationToken.None;
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(60);

    /// <summary>Empty queues of the kind under test.</summary>
    protected abstract Task<IQueues> CreateAsync();

    /// <summary>Lets a message that was received with a visibility of one second become visible again.</summary>
    protected abstract Task PassOneSecondAsync();

    [Theory]
    [InlineData("plain")]
    [InlineData("{\"jobId\":\"a\",\"error\":\"表 🙂 <&>\"}")]
    [InlineData("aGVsbG8=")]
    public async Task Message_Sent_ArrivesAsItWas(string body)
    {
        var queues = await CreateAsync();
        await queues.SendAsync(Queues.JobEvents, body, Ct);
        var message = Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 10, Hidden, Ct));
        Assert.Equal((body, 1), (message.Body, message.Deliveries));
        Assert.Empty(await queues.ReceiveAsync(Queues.JobEvents, 10, Hidden, Ct));
        Assert.Empty(await queues.ReceiveAsync(Queues.JobEventsPoison, 10, Hidden, Ct));
    }

    [Fact]
    public async Task Message_NotCompleted_ComesAgainAndCounts()
    {
        var queues = await CreateAsync();
        await queues.SendAsync(Queues.JobEvents, "x", Ct);
        var first = Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 1, TimeSpan.FromSeconds(1), Ct));
        await PassOneSecondAsync();
        var second = Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 1, Hidden, Ct));
        Assert.Equal((first.Id, 2), (second.Id, second.Deliveries));
        await queues.CompleteAsync(Queues.JobEvents, first, Ct); // Its time is over: the second delivery stands.
        await queues.CompleteAsync(Queues.JobEvents, second, Ct);
        await queues.CompleteAsync(Queues.JobEvents, second, Ct);
    }

    [Fact]
    public async Task Message_Completed_DoesNotComeAgain()
    {
        var queues = await CreateAsync();
        await queues.SendAsync(Queues.JobEvents, "x", Ct);
        await queues.CompleteAsync(Queues.JobEvents,
            Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 1, TimeSpan.FromSeconds(1), Ct)), Ct);
        await PassOneSecondAsync();
        Assert.Empty(await queues.ReceiveAsync(Queues.JobEvents, 1, Hidden, Ct));
    }

    [Fact]
    public async Task Messages_ReceivedByTwo_AreSharedOut()
    {
        var queues = await CreateAsync();
        for (var i = 0; i < 10; i++) await queues.SendAsync(Queues.JobEvents, $"{i}", Ct);
        var both =
            await Task.WhenAll(queues.ReceiveAsync(Queues.JobEvents, 5, Hidden, Ct), queues.ReceiveAsync(Queues.JobEvents, 5, Hidden, Ct));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), both.SelectMany(m => m).Select(m => m.Body).Order());
    }
}
