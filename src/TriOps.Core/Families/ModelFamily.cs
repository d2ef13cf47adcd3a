namespace TriOps.Core.Families;

/// <summary>A kind of model the trainer can fit.</summary>
public enum ModelFamily { /// <summary>Logistic or linear regression with L1/L2 penalties.</summary>
    Linear, /// <summary>Gradient-boosted trees (LightGBM).</summary>
    LightGbm, /// <summary>A multi-layer perceptron (TorchSharp).</summary>
    Mlp }
