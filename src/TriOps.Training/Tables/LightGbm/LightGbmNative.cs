using System.Runtime.InteropServices;
using TriOps.Training.Native;

namespace TriOps.Training.Tables.LightGbm;

/// <summary>The functions of LightGBM's C API (c_api.h, 4.7.0) that are used. Each returns 0, or -1 with the reason in
/// <see cref="LastError"/>.</summary>
internal static unsafe partial class LightGbmNative
{
    private const string Library = "lib_lightgbm";
    public const int Float32 = 0, Float64 = 1;
    public const int PredictRawScore = 1;
    public const int ImportanceGain = 1;

    static LightGbmNative() => NativeLibrary.SetDllImportResolver(typeof(LightGbmNative).Assembly, LightGbmLibrary.Resolve);

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    private static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromMat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetCreateFromMat(float* data, int type, int rows, int columns, int rowMajor, string parameters,
        nint reference, out nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetSetField(nint dataset, string field, void* data, int count, int type);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    public static partial int DatasetFree(nint dataset);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterCreate(nint train, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterLoad(string model, out int iterations, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterMerge")]
    public static partial int BoosterMerge(nint booster, nint other);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    public static partial int BoosterFree(nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterAddValidData")]
    public static partial int BoosterAddValidData(nint booster, nint validation);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    public static partial int BoosterUpdate(nint booster, out int finished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetPredict")]
    public static partial int BoosterGetPredict(nint booster, int dataset, out long length, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    public static partial int BoosterSave(nint booster, int firstIteration, int iterations, int importanceType, long bufferLength,
        out long length, byte* buffer);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredict(nint booster, float* data, int type, int rows, int columns, int rowMajor, int kind,
        int firstIteration, int iterations, string parameters,
        out long length, double* results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFeatureImportance")]
    public static partial int BoosterImportance(nint booster, int iterations, int type, double* results);

    /// <summary>Why the last call on this thread failed.</summary>
    public static string LastError => Marshal.PtrToStringUTF8(GetLastError()) ?? "no reason given";

    /// <summary>Throws when a call failed.</summary>
    public static void Check(int result)
    {
        if (result != 0) throw new InvalidOperationException($"LightGBM: {LastError}");
    }
}
