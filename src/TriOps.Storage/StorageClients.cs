using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using TriOps.Core;

namespace TriOps.Storage;

/// <summary>The SDK's clients, signed in, with one retry policy: about half a minute of refused connections or server errors is waited out,
/// which is what a restart of the emulator or a failover takes.</summary>
public sealed class StorageClients
{
    private const int MaxRetries = 12;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly string prefix;

    /// <summary>Clients for <paramref name="options"/>. Nothing is called yet.</summary>
    /// <exception cref="InvalidInputException">The options are not valid (code storage-invalid).</exception>
    public StorageClients(StorageOptions options) : this(options, MaxRetries, TimeSpan.FromSeconds(100)) { }

    private StorageClients(StorageOptions options, int retries, TimeSpan timeout)
    {
        Options = options.Validated();
        prefix = options.Prefix;
        var (blobs, queues, tables) = (new BlobClientOptions(), new QueueClientOptions(), new TableClientOptions());
        foreach (var policy in new[] { blobs.Retry, queues.Retry, tables.Retry })
            (policy.Mode, policy.MaxRetries, policy.Delay, policy.MaxDelay, policy.NetworkTimeout) =
                (RetryMode.Exponential, retries, FirstWait, LongestWait, timeout);
        if (options.ConnectionString is { } secret)
        {
            try { (Blobs, Queues, Tables) = (new(secret, blobs), new(secret, queues), new(secret, tables)); }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                throw new InvalidInputException("storage-invalid",
                    "The storage connection string cannot be read. It has parts like AccountName=…;AccountKey=…;EndpointSuffix=…, as the "
                    + "portal shows it.");
            }
        }
        else
        {
            var identity = new DefaultAzureCredential();
            (Blobs, Queues, Tables) = (new(options.BlobEndpoint, identity, blobs), new(options.QueueEndpoint, identity, queues),
                new(options.TableEndpoint, identity, tables));
        }
    }

    /// <summary>What they were made from.</summary>
    public StorageOptions Options { get; }

    /// <summary>The blob service.</summary>
    public BlobServiceClient Blobs { get; }

    /// <summary>The queue service.</summary>
    public QueueServiceClient Queues { get; }

    /// <summary>The table service.</summary>
    public TableServiceClient Tables { get; }

    /// <summary>The container of that name; the prefix is added.</summary>
    public BlobContainerClient Container(string name) => Blobs.GetBlobContainerClient(prefix.Length == 0 ? name : $"{prefix}-{name}");

    /// <summary>The queue of that name; the prefix is added.</summary>
    public QueueClient Queue(string name) => Queues.GetQueueClient(prefix.Length == 0 ? name : $"{prefix}-{name}");

    /// <summary>The table of that name; the prefix is added.</summary>
    public TableClient Table(string name) => Tables.GetTableClient(prefix + name);

    /// <summary>The same account for a look that must answer soon: no retries, <paramref name="timeout"/> at most.</summary>
    internal StorageClients WithoutPatience(TimeSpan timeout) => new(Options, 0, timeout);
}
