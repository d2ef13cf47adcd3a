using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TriOps.Training.Native;

/// <summary>Gives the process an OpenMP runtime on a machine that has none (Debian's package libgomp1), from the one that libtorch brings.</summary>
/// <remarks>The loader matches a library's needs by the name a loaded library gives itself (DT_SONAME), and libtorch's copy calls itself libgomp-98b21ff3.so.1. So a copy of it,
/// with the name overwritten by the usual one, is loaded before the library that needs it.</remarks>
public static class BundledOpenMp
{
    private const string UsualName = "libgomp.so.1";

    /// <summary>Loads it; false when there is no such file beside the program or it cannot be loaded.</summary>
    public static bool TryLoad()
    {
        if (!OperatingSystem.IsLinux()) return false;
        var found = NativeFiles.Find("libgomp-*.so.1").FirstOrDefault();
        if (found is null) return false;
        var bytes = File.ReadAllBytes(found);
        if (!Rename(bytes, Path.GetFileName(found), UsualName)) return false;
        return NativeLibrary.TryLoad(NativeFiles.Cache(UsualName, bytes), out _);
    }

    /// <summary>Overwrites each occurrence of a name, as a whole zero-ended string, by a shorter one; false when there is none.</summary>
    public static bool Rename(Span<byte> file, string from, string to)
    {
        var (old, renamed) = (System.Text.Encoding.ASCII.GetBytes(from + "\0"), false);
        if (to.Length > from.Length) return false;
        for (var at = file.IndexOf(old); at >= 0; at = file.IndexOf(old))
        {
            file.Slice(at, old.Length).Clear();
            System.Text.Encoding.ASCII.GetBytes(to, file[at..]);
            renamed = true;
        }
        return renamed;
    }
}
