using System.Runtime.InteropServices;
using System.Text;
using TorchSharp;
using TriOps.Core;
using TriOps.Core.Projects;

namespace TriOps.Training.Native;

/// <summary>Loads libtorch and TorchSharp's native part, once, before the first tensor. See
/// docs/decisions/0003-torchsharp-on-older-glibcxx.md.</summary>
public static class TorchRuntime
{
    /// <summary>The version of the C++ library that TorchSharp's build names and older systems lack.</summary>
    public const string NeededVersion = "GLIBCXX_3.4.32";
    private static readonly Lazy<(nint Library, torch.Device Device)> Loaded = new(Load);

    /// <summary>Makes sure that tensors can be used.</summary>
    /// <returns>The device they are to live on.</returns>
    /// <exception cref="TriOpsException">They cannot, on this machine (native-library-missing).</exception>
    public static torch.Device Ensure() => Loaded.Value.Device;

    private static (nint, torch.Device) Load()
    {
        OpenMpSettings.Apply();
        try
        {
            if (!OperatingSystem.IsLinux()) return Started(0);
            var bridge = NativeFiles.Find("libLibTorchSharp.so").FirstOrDefault()
                ?? throw Missing("libLibTorchSharp.so is not beside the program", null);
            if (SystemHas(NeededVersion)) return Started(0);
            var bytes = File.ReadAllBytes(bridge);
            if (!ElfVersions.MarkWeak(bytes, NeededVersion)) return Started(0);
            // The copy cannot find libtorch beside itself: it is matched by name with what is loaded already. So is the copy, later, by
            // TorchSharp.
            foreach (var name in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
                NativeLibrary.Load(NativeFiles.Find(name).FirstOrDefault() ?? throw Missing($"{name} is not beside the program", null));
            return Started(NativeLibrary.Load(NativeFiles.Cache(Path.GetFileName(bridge), bytes)));
        }
        catch (Exception e)
            when (e is DllNotFoundException or InvalidDataException or IOException or UnauthorizedAccessException
            or TypeInitializationException or NotSupportedException)
        {
            throw Missing(e.Message, e);
        }
    }

    private static (nint, torch.Device) Started(nint library)
    {
        var device = torch.device(TensorDevice.Choose(torch.cuda.is_available));
        using var probe = torch.zeros(1, device: device);
        return (library, device);
    }

    /// <summary>Whether the C++ library that this process uses has a version.</summary>
    internal static bool SystemHas(string version)
    {
        NativeLibrary.Load("libstdc++.so.6");
        var path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(p => Path.GetFileName(p).StartsWith("libstdc++.so.6", StringComparison.Ordinal));
        return path is not null && File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes(version + "\0")) >= 0;
    }

    private static TriOpsException Missing(string why, Exception? inner) => new("native-library-missing",
        $"libtorch cannot be loaded on this machine ({RuntimeInformation.RuntimeIdentifier}): {why}. The family mlp needs it; linear and "
        + $"lightgbm do not: leave mlp out of '{ProjectKey.Families}' in the pipeline's search, or run the trainer's container image.",
        inner);
}
