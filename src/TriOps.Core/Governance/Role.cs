namespace TriOps.Core.Governance;

/// <summary>What somebody may do. Who contributes also reads and predicts, who approves also reads; who predicts does nothing
/// else.</summary>
public enum Role { /// <summary>Sees everything.</summary>
    Reader, /// <summary>Changes: projects, uploads, runs, deployments, aliases.</summary>
    Contributor, /// <summary>Decides on deployments that wait for a person.</summary>
    Approver, /// <summary>Asks deployed models, and says what turned out to be true.</summary>
    Predictor }
