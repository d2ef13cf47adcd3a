namespace TriOps.Core.Projects;

/// <summary>How traffic moves to a new revision.</summary>
public enum Strategy { /// <summary>All at once, after the smoke test.</summary>
    Immediate, /// <summary>In steps, each watched.</summary>
    Canary }
