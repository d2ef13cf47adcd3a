namespace TriOps.Core.Projects;

/// <summary>The keys of triops.yaml that messages name: as the parser reads them, so that nobody is told to change one that there is
/// not.</summary>
public static class ProjectKey
{
    /// <summary>Texts that mean "no value".</summary>
    public const string MissingValues = "missing_values";
    /// <summary>The column to predict.</summary>
    public const string Label = "label";
    /// <summary>How rows are divided.</summary>
    public const string Split = "split";
    /// <summary>The machine that jobs run on.</summary>
    public const string Compute = "compute";
    /// <summary>Trials at once.</summary>
    public const string Parallel = "parallel";
    /// <summary>What is tried.</summary>
    public const string Families = "families";
    /// <summary>Longest a trial may take.</summary>
    public const string TrialTimeout = "trial_timeout";
}
