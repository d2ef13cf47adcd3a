using System.Text.Json.Serialization;
using TriOps.Core.Families;

namespace TriOps.Core.Signatures;

/// <summary>A model for rows of a table. The ONNX graph's inputs are "numbers" (FP32 [N, numeric features], NaN = missing) and "categories"
/// (STRING [N, categorical features], "" = missing), each only when it has features; its outputs are "probabilities" (FP32 [N, classes])
/// or, for regression, "prediction" (FP32 [N, 1]).</summary>
/// <param name="Task">What is predicted.</param>
/// <param name="Label">The label column's name.</param>
/// <param name="Numbers">Numeric and boolean features, in order of "numbers"' columns.</param>
/// <param name="Categories">Categorical features, in order of "categories"' columns.</param>
/// <param name="Classes">In order of "probabilities"' columns; empty for regression.</param>
/// <param name="CategoryValues">The values each categorical feature had in training; others are treated as unknown.</param>
public sealed record TableSignature(TaskKind Task, string Label, IReadOnlyList<string> Numbers, IReadOnlyList<string> Categories,
    IReadOnlyList<string> Classes, IReadOnlyDictionary<string, IReadOnlyList<string>> CategoryValues) : ModelSignature
{
    /// <summary>Outputs of a row: one probability a class, or the one prediction.</summary>
    [JsonIgnore]
    public int Outputs => Task == TaskKind.Regression ? 1 : Classes.Count;

    /// <summary>Raw scores of a row, before the link: one, or one a class of a multiclass task.</summary>
    [JsonIgnore]
    public int Scores => Task == TaskKind.Multiclass ? Classes.Count : 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Target => Label;

    /// <summary>Whether the other one has the same columns, classes and outputs, in the same order: one graph can serve both.</summary>
    public bool HasLayoutOf(TableSignature other) => other.Numbers.SequenceEqual(Numbers) && other.Categories.SequenceEqual(Categories)
        && other.Classes.SequenceEqual(Classes) && (other.Task == TaskKind.Regression) == (Task == TaskKind.Regression);
}
