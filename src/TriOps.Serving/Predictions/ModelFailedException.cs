using TriOps.Core;

namespace TriOps.Serving.Predictions;

/// <summary>A loaded model failed on rows that fit its signature: not the client's fault.</summary>
public sealed class ModelFailedException(string message, Exception cause) : TriOpsException("model-failed", message, cause);
