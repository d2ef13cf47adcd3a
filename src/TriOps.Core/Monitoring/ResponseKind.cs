namespace TriOps.Core.Monitoring;

/// <summary>What follows from a window.</summary>
public enum ResponseKind { /// <summary>Nothing moved, or too few rows.</summary>
    None, /// <summary>An alert, and nothing more.</summary>
    Alert, /// <summary>An alert, and retraining on the latest version.</summary>
    Retrain, /// <summary>An alert, and retraining with the window's labelled rows as new data.</summary>
    RetrainWithFeedback }
