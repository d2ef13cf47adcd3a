using System.Text.RegularExpressions;

namespace TriOps.Images.Tests;

/// <summary>What the images hold, and what their bases must give them.</summary>
[Collection(Built.Name)]
public sealed class PublishedFilesTests(PublishedImages images)
{
    private const long MiB = 1 << 20;

    [Fact]
    public void Inference_Files_ServeAndDoNotTrain()
    {
        var image = images.Inference;

        Assert.DoesNotContain(image.Files,
            f => Regex.IsMatch(f, "(?i)torch|lightgbm|TriOps\\.(Training|Trainer|Orchestrations|Activities|LocalHost|Dashboard|Azurite)"));
        Assert.Contains("libonnxruntime.so", image.Files);
        // For one system.
        Assert.DoesNotContain(image.Files, f => f.StartsWith("runtimes/", StringComparison.Ordinal)
            || f.EndsWith("web.config", StringComparison.Ordinal));
        Assert.InRange(image.Size, 1 * MiB, 100 * MiB);
        Assert.Equal(["Microsoft.AspNetCore.App", "Microsoft.NETCore.App"], image.Frameworks.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Trainer_Files_TrainAndDoNotServe()
    {
        var image = images.Trainer;

        Assert.DoesNotContain(image.Files,
            f => Regex.IsMatch(f, "(?i)onnxruntime|TriOps\\.(Serving|Api|Inference|LocalHost|Dashboard|Azurite)|AspNetCore"));
        foreach (var library in (string[])["libtorch_cpu.so", "libLibTorchSharp.so", "lib_lightgbm.so"])
            Assert.Contains(library, image.Files);
        Assert.DoesNotContain(image.Files, f => f.StartsWith("runtimes/", StringComparison.Ordinal));
        Assert.InRange(image.Size, 1 * MiB, 700 * MiB);
        Assert.Equal(["Microsoft.NETCore.App"], image.Frameworks); // Its base image has no other.
    }

    [Fact]
    public void Files_OfBothImages_AreReadableByWhoRunsThem()
    {
        foreach (var image in (PublishedImage[])[images.Inference, images.Trainer])
            // Owned by root, run by another.
            Assert.All(image.Files,
                f => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(image.Folder, f))
                .HasFlag(UnixFileMode.OtherRead), f));
    }

    [Fact]
    public void Assemblies_OfOurs_HoldMachineCode()
    {
        foreach (var image in (PublishedImage[])[images.Inference, images.Trainer])
            Assert.All(image.Files.Where(f => Regex.IsMatch(f, "^TriOps\\..*\\.dll$")), f => Assert.True(image.IsReadyToRun(f), f));
    }

    [Fact]
    public void NativeLibraries_WantedFromOutside_AreTheBasesOrInstalled()
    {
        // What Ubuntu 24.04 has with .NET's dependencies: the C and C++ run time. Anything else is to be installed by the Dockerfile.
        var given =
            "^(linux-vdso|libc|libm|libdl|librt|libpthread|libutil|libgcc_s|libstdc\\+\\+|ld-linux-x86-64|/lib64/ld-linux-x86-64)\\.so";
        foreach (var image in (PublishedImage[])[images.Inference, images.Trainer])
        {
            var installed = image.File.Stages[^1].Of("RUN").Any(r => r.Text.Contains("libgomp1", StringComparison.Ordinal))
                ? "libgomp.so.1" : "none";
            var wanted = image.Files.Where(f => Regex.IsMatch(f, "\\.so(\\.\\d+)*$"))
                .SelectMany(f => Repository.Run("ldd", Path.Combine(image.Folder, f))
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                .Where(l => !l.Contains(image.Folder, StringComparison.Ordinal) && l != "statically linked")
                .Select(l => l.Split(' ')[0]).Distinct();
            Assert.All(wanted, name =>
                Assert.True(Regex.IsMatch(name, given) || name == installed || image.Files.Contains(name), $"{image.File.Path}: {name}"));
        }
    }
}
