namespace TriOps.Core.Signatures;

/// <summary>Rows in the layout of a <see cref="TableSignature"/>.</summary>
/// <param name="Numbers">Row-major, rows × numeric features.</param>
/// <param name="Categories">Row-major, rows × categorical features.</param>
/// <param name="Count">Rows.</param>
public sealed record FeatureRows(float[] Numbers, string[] Categories, int Count);
