using System.Buffers.Binary;
using TriOps.Training.Native;

namespace TriOps.Training.Tests;

public sealed class NativeTests
{
    private static readonly string Bridge =
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void Tensors_OnThisMachine_Work()
    {
        var device = TorchRuntime.Ensure();
        using var sum = TorchSharp.torch.ones(3, device: device).sum();
        Assert.Equal(3f, sum.item<float>());
    }

    [Theory, InlineData(true, TorchSharp.DeviceType.CUDA), InlineData(false, TorchSharp.DeviceType.CPU)]
    public void Choose_LibtorchsAnswer_DecidesWhereTensorsLive(bool cuda, TorchSharp.DeviceType expected) =>
        Assert.Equal(expected, TensorDevice.Choose(() => cuda));

    [Fact]
    public void MarkWeak_TorchSharpsLibrary_ChangesOneFlagOfOneVersion()
    {
        if (!OperatingSystem.IsLinux()) return; // An ELF file of Linux.
        var (before, after) = (File.ReadAllBytes(Bridge), File.ReadAllBytes(Bridge));
        Assert.True(ElfVersions.MarkWeak(after, TorchRuntime.NeededVersion));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        var at = Assert.Single(changed);
        Assert.Equal((0, 2), (before[at], after[at]));
        // The entry's hash, just before its flags, is the ELF hash of the version's name.
        Assert.Equal(ElfHash(TorchRuntime.NeededVersion), BinaryPrimitives.ReadUInt32LittleEndian(after.AsSpan(at - 4)));
    }

    [Fact]
    public void MarkWeak_VersionThatIsNotNeeded_ChangesNothing()
    {
        if (!OperatingSystem.IsLinux()) return;
        var file = File.ReadAllBytes(Bridge);
        Assert.False(ElfVersions.MarkWeak(file, "GLIBCXX_9.9.9"));
        Assert.Equal(File.ReadAllBytes(Bridge), file);
    }

    [Theory, InlineData(0), InlineData(64), InlineData(4096)]
    public void MarkWeak_DamagedFile_IsRefused(int length)
    {
        var file = new byte[length];
        if (length > 64)
        {
            new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(file, 0); file.AsSpan(40, 20).Fill(0x7f); file[60] = 9;
        }
        Assert.Throws<InvalidDataException>(() => ElfVersions.MarkWeak(file, "GLIBCXX_3.4.32"));
    }

    [Fact]
    public void BundledOpenMp_FileFromLibtorch_CallsItselfByTheUsualName()
    {
        if (!OperatingSystem.IsLinux()) return;
        var file = Directory.EnumerateFiles(Path.GetDirectoryName(Bridge)!, "libgomp*.so.1").Single();
        Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf("\0libgomp.so.1\0"u8) >= 0);
        Assert.True(BundledOpenMp.TryLoad());
    }

    // System V ABI, "Hash table".
    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var c in name)
        {
            hash = (hash << 4) + c;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
