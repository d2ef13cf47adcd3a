using System.Text.Json;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Predictions;

/// <summary>How a model's outputs are written, with its class names encoded once.</summary>
internal sealed class AnswerShape(TableSignature signature)
{
    private static readonly JsonEncodedText Predictions = JsonEncodedText.Encode("predictions"), Id = JsonEncodedText.Encode("id"),
        Label = JsonEncodedText.Encode("label"),
        Probabilities = JsonEncodedText.Encode("probabilities"), Value = JsonEncodedText.Encode("value"),
        Revision = JsonEncodedText.Encode("revision"), ModelVersion = JsonEncodedText.Encode("modelVersion"),
        Absent = JsonEncodedText.Encode("absent");

    private readonly JsonEncodedText[] classes = [.. signature.Classes.Select(c => JsonEncodedText.Encode(c))];

    private readonly JsonEncodedText[] columns = [.. signature.Numbers.Concat(signature.Categories).Select(c => JsonEncodedText.Encode(c))];

    /// <summary>Outputs a row.</summary>
    public int Width { get; } = signature.Outputs;

    /// <summary>Writes the whole answer.</summary>
    /// <param name="writer">At the start of a document.</param>
    /// <param name="ids">One a row.</param>
    /// <param name="outputs">Row-major, rows × <see cref="Width"/>.</param>
    /// <param name="revision">Which answered.</param>
    /// <param name="modelVersion">Its model version's number.</param>
    /// <param name="absent">By column, whether a row did not name it; null: none.</param>
    public void Write(Utf8JsonWriter writer, string[] ids, float[] outputs, int revision, int modelVersion, bool[]? absent)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(Predictions);
        for (var row = 0; row < ids.Length; row++)
        {
            writer.WriteStartObject();
            writer.WriteString(Id, ids[row]);
            WriteOutputs(writer, outputs.AsSpan(row * Width, Width));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber(Revision, revision);
        writer.WriteNumber(ModelVersion, modelVersion);
        if (absent is not null) WriteAbsent(writer, absent);
        writer.WriteEndObject();
    }

    private void WriteAbsent(Utf8JsonWriter writer, bool[] absent)
    {
        writer.WriteStartArray(Absent);
        for (var i = 0; i < absent.Length; i++)
            if (absent[i]) writer.WriteStringValue(columns[i]);
        writer.WriteEndArray();
    }

    private void WriteOutputs(Utf8JsonWriter writer, ReadOnlySpan<float> outputs)
    {
        if (classes.Length == 0)
        {
            NumberWriter.Write(writer, Value, outputs[0]);
            return;
        }
        writer.WriteString(Label, classes[PredictedClass.Best(outputs)]);
        writer.WriteStartObject(Probabilities);
        for (var i = 0; i < classes.Length; i++) NumberWriter.Write(writer, classes[i], outputs[i]);
        writer.WriteEndObject();
    }
}
