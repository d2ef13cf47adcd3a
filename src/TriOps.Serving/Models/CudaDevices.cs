using System.Runtime.InteropServices;

namespace TriOps.Serving.Models;

/// <summary>Counts the CUDA devices of this machine by asking the driver, which is there only where a device is.</summary>
/// <remarks>Source: CUDA driver API, cuInit and cuDeviceGetCount.</remarks>
internal static class CudaDevices
{
    private delegate int Initialise(uint flags);

    private delegate int GetCount(out int count);

    private static string Driver => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Devices that this process may use; 0 without a driver.</summary>
    public static int Count()
    {
        if (!NativeLibrary.TryLoad(Driver, out var driver)) return 0;
        if (!NativeLibrary.TryGetExport(driver, "cuInit", out var initialise)
            || !NativeLibrary.TryGetExport(driver, "cuDeviceGetCount", out var getCount)) return 0;
        return Marshal.GetDelegateForFunctionPointer<Initialise>(initialise)(0) == 0
            && Marshal.GetDelegateForFunctionPointer<GetCount>(getCount)(out var count) == 0 ? count : 0;
    }
}
