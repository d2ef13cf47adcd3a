using System.Text.Json.Serialization;

namespace TriOps.Core.Signatures;

/// <summary>What a model takes and gives. A kind of input is a type of its own; its JSON says which by "kind" ("table" where it is left
/// out).</summary>
[JsonConverter(typeof(ModelSignatureJson))]
public abstract record ModelSignature
{
    /// <summary>What is predicted, for people: a column's name.</summary>
    [JsonIgnore]
    public abstract string Target { get; }

    /// <summary>This signature where only a table's will do.</summary>
    /// <exception cref="InvalidInputException">The model takes something else (code model-kind).</exception>
    [JsonIgnore]
    public TableSignature Table => this as TableSignature
        ?? throw new InvalidInputException("model-kind",
        $"The model takes no rows of a table: its signature is a {GetType().Name}. Choose a model that was trained on a table.");
}

/// <summary>The kinds of signatures, as they are written.</summary>
internal sealed class ModelSignatureJson()
    : KindJson<ModelSignature>(before: "table", new Dictionary<string, Type> { ["table"] = typeof(TableSignature) });
