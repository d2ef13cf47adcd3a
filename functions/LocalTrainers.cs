using TriOps.Compute;
using TriOps.Core.Settings;
using TriOps.Storage;

namespace TriOps.Functions;

/// <summary>Trainers as child processes of the worker: for `func start` on a development machine.</summary>
internal static class LocalTrainers
{
    /// <summary>Where they are and what they are told.</summary>
    /// <param name="storage">Theirs is the same.</param>
    /// <param name="trainer">Path of the trainer; a relative one counts from the app's folder or the nearest above it that has it.</param>
    public static ProcessComputeOptions Options(StorageOptions storage, string? trainer) => new(
        () => TrainerPath.Command(trainer is null ? null : Find(trainer)), Path.Combine(Environment.CurrentDirectory, ".triops", "jobs"),
        new Dictionary<string, string>
        {
            [SettingNames.Storage] = storage.ConnectionString ?? storage.BlobEndpoint!.Host.Split('.')[0],
            [SettingNames.StoragePrefix] = storage.Prefix,
        },
        ProcessComputeOptions.DefaultParallel);

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, path))) return Path.Combine(folder.FullName, path);
        return path;
    }
}
