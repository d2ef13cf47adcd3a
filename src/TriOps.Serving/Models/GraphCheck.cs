using System.Text;
using TriOps.Core;

namespace TriOps.Serving.Models;

/// <summary>Looks through an ONNX file before ONNX Runtime does: tensors kept in other files would be opened by paths the model chooses, so
/// these must be files of the model itself. Reads the file's structure only: what has no tensor is skipped, and no tensor's data is
/// read.</summary>
/// <remarks>Walks the protobuf fields of onnx.proto (IR version 13) that can hold a tensor. Not thread-safe.</remarks>
internal sealed class GraphCheck
{
    private const int MaxDepth = 32;
    private const int MaxLocation = 1024;

    private readonly Stream file;
    private readonly string name;
    private readonly IReadOnlySet<string> others;

    private enum Message { Model, Graph, Node, Attribute, Function, SparseTensor, Tensor, External }

    private GraphCheck(Stream file, string name, IReadOnlySet<string> others) => (this.file, this.name, this.others) = (file, name, others);

    /// <param name="file">The graph; seekable, from its start.</param>
    /// <param name="name">For people.</param>
    /// <param name="others">Names of the files that belong to the model beside its graph.</param>
    /// <exception cref="InvalidInputException">Not protobuf, nested too deeply, or with tensors in a file that is not the model's (code
    /// model-invalid).</exception>
    public static void Run(Stream file, string name, IReadOnlySet<string> others) => new GraphCheck(file, name, others)
        .Walk(file.Length, Message.Model, 0);

    private void Walk(long end, Message message, int depth)
    {
        if (depth > MaxDepth) throw Invalid($"{name} nests more than {MaxDepth} levels of graphs and attributes.");
        var (kept, located) = (false, false);
        while (file.Position < end)
        {
            var tag = Varint(end);
            var (field, wireType) = ((int)(tag >> 3), (int)(tag & 7));
            var number = wireType is 0 or 2 ? Varint(end) : 0;
            var length = wireType switch
                { 0 => 0UL, 1 => 8UL, 2 => number, 5 => 4UL,
                _ => throw Invalid($"{name} is not an ONNX model: it holds protobuf wire type {wireType}.") };
            if (length > (ulong)(end - file.Position))
                throw Invalid($"{name} is not a whole ONNX model: a field wants {length} bytes where {end - file.Position} are left.");
            var next = file.Position + (long)length;
            kept |= message == Message.Tensor && field == 14 && number == 1;
            if (wireType == 2 && message == Message.External && field is 1 or 2) Entry(field, (int)Math.Min(length, MaxLocation + 1));
            if (wireType == 2 && message == Message.Tensor && field == 13) located |= Location(next, depth);
            else if (wireType == 2 && Inner(message, field) is { } inner) Walk(next, inner, depth + 1);
            file.Position = next;
        }
        if (kept && !located) throw Invalid($"{name} keeps a tensor in another file and does not say in which. Export it again.");
    }

    private string key = "", value = "";

    /// <summary>An entry of external_data: true when it is the location, which must be a file of the model.</summary>
    private bool Location(long end, int depth)
    {
        (key, value) = ("", "");
        Walk(end, Message.External, depth + 1);
        if (key != "location") return false;
        if (!others.Contains(value))
            throw Invalid(
                $"{name} keeps tensors in '{value}', which is no file of this model; it has "
                + $"{(others.Count == 0 ? "none beside its graph" : string.Join(", ", others))}. Register all files together, by "
                + $"plain names.");
        return true;
    }

    private void Entry(int field, int length)
    {
        if (length > MaxLocation) throw Invalid($"{name} has an entry of external data of more than {MaxLocation} bytes.");
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        if (field == 1) key = Encoding.UTF8.GetString(bytes); else value = Encoding.UTF8.GetString(bytes);
    }

    private ulong Varint(long end)
    {
        ulong read = 0;
        for (var i = 0; i < 10 && file.Position < end && file.ReadByte() is var b and >= 0; i++)
        {
            read |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80) return read;
        }
        throw Invalid($"{name} is not an ONNX model: a number in it has no end.");
    }

    private static Message? Inner(Message message, int field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Model, 25) => Message.Function,
        (Message.Graph, 1) or (Message.Function, 7) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Graph, 15) => Message.SparseTensor,
        (Message.Node, 5) or (Message.Function, 11) => Message.Attribute,
        (Message.Attribute, 5) or (Message.Attribute, 10) => Message.Tensor,
        (Message.Attribute, 6) or (Message.Attribute, 11) => Message.Graph,
        (Message.Attribute, 22) or (Message.Attribute, 23) => Message.SparseTensor,
        (Message.SparseTensor, 1) or (Message.SparseTensor, 2) => Message.Tensor,
        _ => null,
    };

    private static InvalidInputException Invalid(string message) => new("model-invalid", message);
}
