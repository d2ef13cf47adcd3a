namespace TriOps.Azurite;

/// <summary>The loopback ports of a running Azurite.</summary>
/// <param name="Blob">Of the blob service.</param>
/// <param name="Queue">Of the queue service.</param>
/// <param name="Table">Of the table service.</param>
public sealed record AzuriteEndpoints(int Blob, int Queue, int Table)
{
    /// <summary>Zero for each: the system chooses.</summary>
    public static AzuriteEndpoints Any { get; } = new(0, 0, 0);

    /// <summary>For the Azure SDKs. Account and key are the emulator's, which Microsoft publishes: no secret.</summary>
    public string ConnectionString =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"BlobEndpoint={BlobUri};QueueEndpoint={Uri(Queue)};TableEndpoint={Uri(Table)};";

    /// <summary>The blob service's address.</summary>
    public string BlobUri => Uri(Blob);

    internal IEnumerable<string> All => [Uri(Blob), Uri(Queue), Uri(Table)];

    private static string Uri(int port) => $"http://127.0.0.1:{port}/devstoreaccount1";
}
