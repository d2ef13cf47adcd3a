namespace TriOps.Inference;

/// <summary>Asks a running server whether it lives: the image's health check, as the image has no curl.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>0 when it answers, else 1.</returns>
    public static async Task<int> RunAsync(int port)
    {
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/healthz"));
            if (answer.IsSuccessStatusCode) return 0;
            await Console.Error.WriteLineAsync($"/healthz on port {port} answered {(int)answer.StatusCode}.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"/healthz on port {port} did not answer: {e.Message}");
        }
        return 1;
    }
}
