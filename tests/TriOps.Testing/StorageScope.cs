using Microsoft.Extensions.DependencyInjection;
using TriOps.Storage;

namespace TriOps.Testing;

/// <summary>A corner of the shared Azurite for one test.</summary>
/// <param name="Options">With a prefix that no other test has.</param>
public sealed record StorageScope(StorageOptions Options)
{
    /// <summary>For the Azure SDKs.</summary>
    public string ConnectionString => Options.ConnectionString!;

    /// <summary>Of container, table and queue names.</summary>
    public string Prefix => Options.Prefix;

    /// <summary>A new one.</summary>
    public static StorageScope New(string connectionString) =>
        new(new StorageOptions(connectionString, Prefix: $"t{Guid.NewGuid():N}"[..11]));

    /// <summary>The ports over this corner, with containers, queues and tables made. <paramref name="add"/> may register more.</summary>
    public async Task<ServiceProvider> CreateAsync(Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection().AddTriOpsStorage(Options);
        add?.Invoke(services);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<StorageProvisioner>().EnsureAsync(CancellationToken.None);
        return provider;
    }
}
