using TriOps.Core;

namespace TriOps.Serving.Models;

/// <summary>Looks through an ONNX file before ONNX Runtime does: a model must be self-contained. Tensors kept in other files would be opened by
/// paths the model chooses.</summary>
/// <remarks>Walks the protobuf fields of onnx.proto (IR version 13) that can hold a tensor; everything else is skipped unread.</remarks>
internal static class ModelFile
{
    private const int MaxDepth = 32;

    private enum Message { Model, Graph, Node, Attribute, Function, SparseTensor, Tensor }

    /// <exception cref="InvalidInputException">Not protobuf, nested too deeply, or with external data (code model-invalid).</exception>
    public static void Check(ReadOnlySpan<byte> model, string name) => Walk(model, Message.Model, 0, name);

    private static void Walk(ReadOnlySpan<byte> bytes, Message message, int depth, string name)
    {
        if (depth > MaxDepth) throw Invalid($"{name} nests more than {MaxDepth} levels of graphs and attributes.");
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes, name);
            var field = (int)(tag >> 3);
            var value = Value(ref bytes, (int)(tag & 7), name, out var number);
            if (message == Message.Tensor && (field == 13 || (field == 14 && number == 1)))
                throw Invalid($"{name} keeps tensors in other files. Export it as one file: external data is never loaded.");
            if ((tag & 7) == 2 && Inner(message, field) is { } inner) Walk(value, inner, depth + 1, name);
        }
    }

    private static ReadOnlySpan<byte> Value(ref ReadOnlySpan<byte> bytes, int wireType, string name, out ulong number)
    {
        number = wireType is 0 or 2 ? Varint(ref bytes, name) : 0;
        var length = wireType switch { 0 => 0UL, 1 => 8UL, 2 => number, 5 => 4UL, _ => throw Invalid($"{name} is not an ONNX model: it holds protobuf wire type {wireType}.") };
        if (length > (ulong)bytes.Length) throw Invalid($"{name} is not a whole ONNX model: a field wants {length} bytes where {bytes.Length} are left.");
        var value = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return value;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes, string name)
    {
        ulong value = 0;
        for (var i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return value;
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
