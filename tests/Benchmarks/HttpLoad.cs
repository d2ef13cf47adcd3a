using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TriOps.Benchmarks;

/// <summary>What a turn of load came to.</summary>
/// <param name="PerSecond">Answers a second, over all connections.</param>
/// <param name="P50">Median latency in microseconds.</param>
/// <param name="P99">99th percentile in microseconds.</param>
/// <param name="Requests">Answers.</param>
/// <param name="ServerTime">The server's processor time for one of them, in microseconds, where it was measured: what other programs on the
/// machine disturb least.</param>
internal sealed record LoadResult(double PerSecond, double P50, double P99, int Requests, double ServerTime = double.NaN);

/// <summary>Sends one POST over and over on keep-alive connections, each waiting for its answer: raw sockets, so that the client costs
/// little.</summary>
internal sealed class HttpLoad(Uri address, string path, string body)
{
    private readonly byte[] request =
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/json\r\nContent-Length: "
        + $"{Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    /// <summary>Loads the server for a while.</summary>
    /// <exception cref="InvalidOperationException">An answer was not 200.</exception>
    public async Task<LoadResult> RunAsync(int connections, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => ConnectionAsync(clock, duration))));
        var seconds = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(l => l).ToArray();
        Array.Sort(all);
        return new(all.Length / seconds, Microseconds(all[all.Length / 2]), Microseconds(all[(int)(all.Length * 0.99)]), all.Length);
        static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;
    }

    private async Task<List<long>> ConnectionAsync(Stopwatch clock, TimeSpan duration)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        var (buffer, latencies) = (new byte[16384], new List<long>(1 << 16));
        while (clock.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            for (var filled = 0; ;)
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(filled));
                if (read == 0) throw new InvalidOperationException("The server closed the connection.");
                filled += read;
                if (IsWhole(buffer.AsSpan(0, filled))) break;
            }
            latencies.Add(Stopwatch.GetTimestamp() - started);
        }
        return latencies;
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        if (!answer.StartsWith("HTTP/1.1 200"u8)) throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
        var at = answer.IndexOf("Content-Length: "u8) + "Content-Length: "u8.Length;
        var length = 0;
        for (; answer[at] is >= (byte)'0' and <= (byte)'9'; at++) length = (length * 10) + answer[at] - '0';
        return answer.Length >= head + 4 + length;
    }
}
