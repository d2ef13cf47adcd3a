using System.Runtime.InteropServices;

namespace TriOps.Training.Native;

/// <summary>Gives the process an OpenMP runtime on a machine that has none (Debian's package libgomp1): the one that libtorch brings. Its
/// file is named libgomp-{hash}.so.1, but it calls itself libgomp.so.1 (DT_SONAME), and by that name the loader matches what later
/// libraries need.</summary>
public static class BundledOpenMp
{
    /// <summary>Loads it; false when there is no such file beside the program, or it cannot be loaded.</summary>
    public static bool TryLoad() => OperatingSystem.IsLinux() && NativeFiles.Find("libgomp*.so.1").FirstOrDefault() is { } found
        && NativeLibrary.TryLoad(found, out _);
}
