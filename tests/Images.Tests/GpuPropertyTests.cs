using System.Text.Json;

namespace TriOps.Images.Tests;

/// <summary>-p:Gpu=true is the one switch between the native libraries. The GPU packages are several GB: what the projects name is asked,
/// nothing is restored.</summary>
public sealed class GpuPropertyTests
{
    [Theory]
    [InlineData("src/TriOps.Serving/TriOps.Serving.csproj", null, "Microsoft.ML.OnnxRuntime")]
    [InlineData("src/TriOps.Serving/TriOps.Serving.csproj", "false", "Microsoft.ML.OnnxRuntime")]
    [InlineData("src/TriOps.Serving/TriOps.Serving.csproj", "true", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData("src/TriOps.Trainer/TriOps.Trainer.csproj", null, "libtorch-cpu-linux-x64")]
    [InlineData("src/TriOps.Trainer/TriOps.Trainer.csproj", "false", "libtorch-cpu-linux-x64")]
    [InlineData("src/TriOps.Trainer/TriOps.Trainer.csproj", "true", "libtorch-cuda-12.8-linux-x64")]
    public void Gpu_Property_ChoosesTheNativeLibraryAndItsVersionIsPinned(string project, string? gpu, string expected)
    {
        if (!OperatingSystem.IsLinux()) return; // Other systems have other libtorch packages.
        string[] arguments =
        ["msbuild", project, "-getItem:PackageReference,PackageVersion", .. gpu is null ? Array.Empty<string>() : [$"-p:Gpu={gpu}"]];

        var items = JsonDocument.Parse(Repository.Run("dotnet", arguments)).RootElement.GetProperty("Items");

        var native = Names("PackageReference")
            .Where(n => n.StartsWith("libtorch", StringComparison.Ordinal)
            || n.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));
        Assert.Equal([expected], native);
        Assert.Contains(expected, Names("PackageVersion"));

        IEnumerable<string> Names(string item) => items.GetProperty(item).EnumerateArray()
            .Select(i => i.GetProperty("Identity").GetString()!);
    }
}
