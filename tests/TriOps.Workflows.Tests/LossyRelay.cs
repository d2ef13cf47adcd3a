using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TriOps.Workflows.Tests;

/// <summary>Passes HTTP/1.1 on between a client and a server of this machine. The answers of chosen requests are lost: the server has done what it was asked, the
/// client's connection breaks instead.</summary>
public sealed class LossyRelay : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly int server;
    private readonly Task accepting;
    private int lost;

    /// <summary>Listens for a server's clients.</summary>
    public LossyRelay(int server)
    {
        this.server = server;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>Where clients find it.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>True for the first line of a request whose answer is to be lost.</summary>
    public Func<string, bool> Loses { get; set; } = _ => false;

    /// <summary>Answers lost so far.</summary>
    public int Lost => Volatile.Read(ref lost);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try { while (true) connections.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token))); }
        catch (OperationCanceledException) { await Task.WhenAll(connections); }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, server, stop.Token);
            var exchange = new Exchange();
            await Task.WhenAny(UpAsync(near.GetStream(), far.GetStream(), exchange), DownAsync(far.GetStream(), near.GetStream(), exchange));
            near.LingerState = new(true, 0); // a break, not an orderly end
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException) { /* One side has gone; the other is closed with it. */ }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to, Exchange exchange)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, stop.Token) is > 0 and var read)
        {
            if (exchange.Answered) // So this is the beginning of the next request.
            {
                var line = Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
                (exchange.Lose, exchange.Answered) = (Loses(line), false);
            }
            await to.WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to, Exchange exchange)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, stop.Token) is > 0 and var read)
        {
            if (exchange.Lose) { Interlocked.Increment(ref lost); return; }
            exchange.Answered = true;
            await to.WriteAsync(buffer.AsMemory(0, read), stop.Token);
        }
    }

    private sealed class Exchange
    {
        public volatile bool Answered = true, Lose;
    }
}
