using System.Text;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Storage;
using TriOps.Testing;

namespace TriOps.Storage.Tests;

/// <summary>What lies on the wire, seen by a client that neither encodes nor decodes, as the Functions host's listener and other programs
/// see it.</summary>
public sealed class AzureQueuesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string Body = "{\"jobId\":\"a\",\"error\":\"表 🙂 <&>\"}";
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task Message_Sent_LiesOnTheWireAsBase64Once()
    {
        var (queues, wire) = await CreateAsync();
        await queues.SendAsync(Queues.JobEvents, Body, Ct);
        var message = Assert.Single((await wire.ReceiveMessagesAsync(cancellationToken: Ct)).Value);
        Assert.Equal(Body, Encoding.UTF8.GetString(Convert.FromBase64String(message.MessageText)));
    }

    [Theory]
    [InlineData(Body)]
    [InlineData("plain")]
    public async Task Message_PutThereAsPlainText_IsHandedOutAsItIs(string text)
    {
        var (queues, wire) = await CreateAsync();
        await wire.SendMessageAsync(text, Ct);
        Assert.Equal(text, Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 10, TimeSpan.FromSeconds(30), Ct)).Body);
    }

    [Fact]
    public async Task Message_PutThereByAClientThatEncodes_IsHandedOutDecoded()
    {
        var (queues, wire) = await CreateAsync();
        await wire.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(Body)), Ct);
        Assert.Equal(Body, Assert.Single(await queues.ReceiveAsync(Queues.JobEvents, 10, TimeSpan.FromSeconds(30), Ct)).Body);
    }

    private async Task<(IQueues Queues, QueueClient Wire)> CreateAsync()
    {
        var scope = azurite.NewScope();
        var services = await scope.CreateAsync();
        var name = services.GetRequiredService<StorageClients>().Queue(Queues.JobEvents).Name;
        return (services.GetRequiredService<IQueues>(),
            new QueueClient(scope.ConnectionString, name, new() { MessageEncoding = QueueMessageEncoding.None }));
    }
}
