namespace TriOps.Testing;

/// <summary>A corner of the shared Azurite for one test.</summary>
/// <param name="ConnectionString">For the Azure SDKs.</param>
/// <param name="Prefix">Of container, table and queue names: a letter, then letters and digits.</param>
public sealed record StorageScope(string ConnectionString, string Prefix)
{
    /// <summary>A new one.</summary>
    public static StorageScope New(string connectionString) => new(connectionString, $"t{Guid.NewGuid():N}"[..11]);
}
