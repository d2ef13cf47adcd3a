using System.Buffers.Binary;
using System.Text.Json;
using TriOps.Training.Loop;
using TriOps.Training.Native;
using static TorchSharp.torch;

namespace TriOps.Training.Tests.Loop;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly DisposeScopeHolder scope = new();

    [Fact]
    public void Write_TwoTensors_IsTheFormatByteForByte()
    {
        using var stream = new MemoryStream();
        SafeTensors.Write(stream, new Dictionary<string, string> { ["k"] = "v" },
            [new("a", tensor(new[] { 1f, -2f }, [2, 1])), new("b", tensor(new byte[] { 7 }))]);
        var bytes = stream.ToArray();
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, length % 8);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, length));
        Assert.Equal(
            """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}""", header.RootElement.GetRawText());
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 7], bytes[(8 + length)..]); // IEEE 754, little-endian
    }

    [Fact]
    public void ReadInto_WhatWasWritten_HasTheSameBits()
    {
        var values = randn(300, 1000); // More than a buffer.
        using var stream = Written(("a", values));
        var into = zeros(300, 1000);
        SafeTensors.ReadInto(stream, SafeTensors.ReadHeader(stream), [new("a", into)]);
        Assert.True(values.equal(into).all().item<bool>());
    }

    [Theory]
    [InlineData("b", 2, 3)]
    [InlineData("a", 3, 2)]
    public void ReadInto_OtherNameOrShape_IsRefusedByName(string name, int rows, int columns)
    {
        using var stream = Written(("a", ones(2, 3)));
        var error =
            Assert.Throws<InvalidDataException>(
            () => SafeTensors.ReadInto(stream, SafeTensors.ReadHeader(stream), [new(name, zeros(rows, columns))]));
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadInto_FileIsCutOff_ChangesNothing()
    {
        using var whole = Written(("a", ones(4)), ("b", ones(4)));
        using var stream = new MemoryStream(whole.ToArray()[..^4]);
        var (a, b) = (zeros(4), zeros(4));
        Assert.Throws<InvalidDataException>(() => SafeTensors.ReadInto(stream, SafeTensors.ReadHeader(stream), [new("a", a), new("b", b)]));
        Assert.Equal(0, (a.sum() + b.sum()).item<float>());
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 127, 1 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 91, 93 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    public void ReadHeader_NoSuchFile_Throws(byte[] bytes) =>
        Assert.Throws<InvalidDataException>(() => SafeTensors.ReadHeader(new MemoryStream(bytes)));

    private static MemoryStream Written(params (string Name, Tensor Tensor)[] tensors)
    {
        var stream = new MemoryStream();
        SafeTensors.Write(stream, new Dictionary<string, string>(), [.. tensors.Select(t => new NamedTensor(t.Name, t.Tensor))]);
        stream.Position = 0;
        return stream;
    }

    public void Dispose() => scope.Dispose();

    /// <summary>A scope for a test's tensors, once libtorch is there.</summary>
    private sealed class DisposeScopeHolder : IDisposable
    {
        private readonly TorchSharp.DisposeScope scope;

        public DisposeScopeHolder()
        {
            TorchRuntime.Ensure();
            scope = NewDisposeScope();
        }

        public void Dispose() => scope.Dispose();
    }
}
