using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace TriOps.Training.Loop;

/// <summary>A tensor and what a file calls it.</summary>
public readonly record struct NamedTensor(string Name, Tensor Tensor);

/// <summary>The safetensors format: the length of a JSON header (8 bytes, little-endian), the header, then the tensors' bytes one after the
/// other. No code is in it, so none is run by reading it. Both ways go forward only and hold no more than one buffer, and one tensor where
/// it is on a device.</summary>
/// <remarks>https://github.com/huggingface/safetensors, README, "Format". Little-endian machines only.</remarks>
public static class SafeTensors
{
    private const string Metadata = "__metadata__";
    private const int MaxHeaderBytes = 16 << 20;
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Written forward.</param>
    /// <param name="metadata">Texts about it.</param>
    /// <param name="tensors">Contiguous ones of 32-bit floats or bytes, by unique names.</param>
    public static void Write(Stream stream, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<NamedTensor> tensors)
    {
        var header = new Dictionary<string, object> { [Metadata] = metadata };
        long offset = 0;
        foreach (var (name, tensor) in tensors) header.Add(name, Entry.Of(tensor, ref offset));
        var json = JsonSerializer.SerializeToUtf8Bytes(header).ToList();
        while (json.Count % 8 != 0) json.Add((byte)' ');
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Count);
        stream.Write(length);
        stream.Write([.. json]);
        foreach (var (_, tensor) in tensors)
        {
            using var scope = NewDisposeScope();
            tensor.cpu().WriteBytesToStream(stream, BufferBytes);
        }
    }

    /// <summary>Reads a file's header.</summary>
    /// <returns>Its metadata and its tensors' places; the stream stands at the first tensor.</returns>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static SafeTensorsHeader ReadHeader(Stream stream)
    {
        try
        {
            Span<byte> prefix = stackalloc byte[8];
            stream.ReadExactly(prefix);
            var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (length is < 2 or > MaxHeaderBytes)
                throw new InvalidDataException($"A header of {length} bytes is none of a safetensors file.");
            var json = new byte[length];
            stream.ReadExactly(json);
            var fields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)
                ?? throw new InvalidDataException("The header is empty.");
            var metadata = fields.Remove(Metadata, out var texts) ? texts.Deserialize<Dictionary<string, string>>() : null;
            return new(metadata
                ?? [], fields.ToDictionary(f => f.Key, f => f.Value.Deserialize<Entry>()
                ?? throw new InvalidDataException($"'{f.Key}' is empty.")));
        }
        catch (Exception e) when (e is JsonException or EndOfStreamException)
        {
            throw new InvalidDataException($"No safetensors file: {e.Message}", e);
        }
    }

    /// <summary>Reads all tensors of a file that <see cref="Write"/> wrote for tensors of the same names and shapes, and only then takes
    /// them over.</summary>
    /// <param name="stream">After <see cref="ReadHeader"/>.</param>
    /// <param name="header">What that gave.</param>
    /// <param name="into">In the file's order.</param>
    /// <exception cref="InvalidDataException">They are others, or the file is cut off: nothing was changed.</exception>
    public static void ReadInto(Stream stream, SafeTensorsHeader header, IReadOnlyList<NamedTensor> into)
    {
        long offset = 0;
        foreach (var (name, tensor) in into)
            if (!header.Tensors.TryGetValue(name, out var found) || !found.Equals(Entry.Of(tensor, ref offset)))
                throw new InvalidDataException($"The file does not have '{name}' as {Entry.Of(tensor, ref offset)}.");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var values = into.Select(t => empty(t.Tensor.shape, dtype: t.Tensor.dtype)).ToList();   // On the processor.
        try { foreach (var value in values) value.ReadBytesFromStream(stream, BufferBytes); }
        catch (EndOfStreamException e) { throw new InvalidDataException("The file is cut off.", e); }
        foreach (var (target, value) in into.Zip(values)) target.Tensor.copy_(value);
    }

    /// <summary>A tensor's place in a file, with the format's own names.</summary>
    /// <param name="dtype">"F32" or "U8".</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="data_offsets">First byte and the one after the last, from the end of the header.</param>
#pragma warning disable CA1707 // The format's own names.
    public sealed record Entry(string dtype, long[] shape, long[] data_offsets)
#pragma warning restore CA1707
    {
        /// <summary>The place of a tensor that is written at an offset, which moves on.</summary>
        public static Entry Of(Tensor tensor, ref long offset)
        {
            var type = tensor.dtype switch
            {
                ScalarType.Float32 => "F32",
                ScalarType.Byte => "U8",
                _ => throw new NotSupportedException($"Tensors of {tensor.dtype} are not written."),
            };
            var start = offset;
            offset += tensor.numel() * tensor.element_size();
            return new(type, tensor.shape, [start, offset]);
        }

        /// <inheritdoc/>
        public bool Equals(Entry? other) => other is not null && dtype == other.dtype && shape.AsSpan().SequenceEqual(other.shape)
            && data_offsets.AsSpan().SequenceEqual(other.data_offsets);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(dtype, shape.Length, data_offsets[0]);

        /// <inheritdoc/>
        public override string ToString() => $"{dtype} [{string.Join(", ", shape)}] at {data_offsets[0]}";
    }
}

/// <summary>What a file says of itself.</summary>
/// <param name="Metadata">Texts by key.</param>
/// <param name="Tensors">Places by name.</param>
public sealed record SafeTensorsHeader(IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyDictionary<string, SafeTensors.Entry> Tensors);
