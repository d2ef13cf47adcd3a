using System.Globalization;
using TriOps.Core.Settings;

namespace TriOps.Training;

/// <summary>How many threads a native library may use.</summary>
public static class TrainerThreads
{
    /// <summary>TRIOPS_TRAINER_THREADS (1..256) when set, else the number of processors. Trials that run side by side on one machine want a
    /// share each.</summary>
    public static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable(SettingNames.TrainerThreads), NumberStyles.None, CultureInfo.InvariantCulture,
            out var count) && count is >= 1 and <= 256
            ? count : Environment.ProcessorCount;
}
