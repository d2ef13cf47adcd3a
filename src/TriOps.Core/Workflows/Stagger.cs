using System.IO.Hashing;
using System.Text;

namespace TriOps.Core.Workflows;

/// <summary>Jitter that replay repeats: waits that began together are stretched apart, each by a share that follows from who
/// waits.</summary>
public static class Stagger
{
    /// <summary>A wait grows by less than this share.</summary>
    public const double Most = 0.2;

    /// <summary>The wait, stretched.</summary>
    /// <param name="wait">At least zero.</param>
    /// <param name="who">The same gives the same: an instance's id, and which of its waits.</param>
    public static TimeSpan Of(TimeSpan wait, string who) =>
        wait * (1 + Most * (XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(who)) / (uint.MaxValue + 1.0)));
}
