using System.Runtime.InteropServices;

namespace TriOps.Training.Native;

/// <summary>How OpenMP's threads wait for each other. Trials run side by side on a machine's cores; threads that spin while they wait (the
/// default) then take the cores from those they wait for: a fit of 100,000 × 20 took 34 to 54 s on two busy cores, and 5 to 8 s with
/// threads that sleep.</summary>
internal static partial class OpenMpSettings
{
    /// <summary>Lets threads sleep while they wait, unless OMP_WAIT_POLICY says otherwise. Only before the runtime is loaded: it looks at
    /// its environment once. .NET's own environment is a copy that native libraries do not see.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsWindows()) _ = SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 0);
    }

    // POSIX setenv(3).
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
