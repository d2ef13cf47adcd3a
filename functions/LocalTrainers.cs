using System.Text;
using TriOps.Compute;
using TriOps.Core.Content;
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
        () => TrainerPath.Command(trainer is null ? null : Find(trainer)), Folder(AppContext.BaseDirectory),
        new Dictionary<string, string>
        {
            [SettingNames.Storage] = storage.ConnectionString ?? storage.BlobEndpoint!.Host.Split('.')[0],
            [SettingNames.StoragePrefix] = storage.Prefix,
        },
        ProcessComputeOptions.DefaultParallel);

    /// <summary>Where they run and log: outside the app, whose folder the host watches and restarts the app for.</summary>
    /// <param name="app">Its folder; each app has one of its own.</param>
    internal static string Folder(string app)
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        var path = Encoding.UTF8.GetBytes(Path.TrimEndingDirectorySeparator(Path.GetFullPath(app)));
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "TriOps", "functions", ContentId.OfBytes(path).Hex[..12], "jobs");
    }

    private static string Find(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, path))) return Path.Combine(folder.FullName, path);
        return path;
    }
}
