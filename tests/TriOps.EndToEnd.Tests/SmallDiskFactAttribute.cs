using System.Runtime.CompilerServices;

namespace TriOps.EndToEnd.Tests;

/// <summary>A test that mounts a disk of its own; where that is not allowed it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        if (!SmallDisk.IsPossible) Skip = "Only root of a Linux machine may mount the small disk.";
    }
}
