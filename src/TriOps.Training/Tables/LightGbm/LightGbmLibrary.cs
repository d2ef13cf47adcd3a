using System.Reflection;
using System.Runtime.InteropServices;
using TriOps.Core;
using TriOps.Training.Native;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>Finds liblightgbm and the OpenMP runtime it needs.</summary>
internal static class LightGbmLibrary
{
    public static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "lib_lightgbm") return 0;
        OpenMpSettings.Apply();
        if (NativeLibrary.TryLoad(name, assembly, search, out var library)) return library;
        if (BundledOpenMp.TryLoad() && NativeLibrary.TryLoad(name, assembly, search, out library)) return library;
        try { return NativeLibrary.Load(name, assembly, search); }
        catch (DllNotFoundException e)
        {
            throw new TriOpsException("native-library-missing",
                $"LightGBM's native library cannot be loaded on this machine ({RuntimeInformation.RuntimeIdentifier}): {e.Message} " +
                "On Debian or Ubuntu it needs the package libgomp1 ('apt-get install libgomp1'); there is none for Arm processors on "
                + "Linux. The families linear and mlp do not need it.", e);
        }
    }
}
