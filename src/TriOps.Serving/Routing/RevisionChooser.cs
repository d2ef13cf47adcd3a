using System.Text;

namespace TriOps.Serving.Routing;

/// <summary>Where in [0, 1) a request falls when traffic is split.</summary>
public interface IRevisionChooser
{
    /// <summary>A point for a request.</summary>
    /// <param name="requestId">The client's id for the request, or null: requests of one id always fall on one point.</param>
    double Point(string? requestId);
}

/// <summary>A hash of the request's id where it has one, else a random number. Thread-safe.</summary>
public sealed class RevisionChooser : IRevisionChooser
{
    /// <inheritdoc/>
    public double Point(string? requestId) => requestId is null ? Random.Shared.NextDouble()
        : (Hash(requestId) >> 11) * (1.0 / (1UL << 53));

    // FNV-1a, then splitmix64's finaliser: the same on every machine, and even in the high bits.
    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 0x100000001B3;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
