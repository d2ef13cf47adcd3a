namespace TriOps.Core.Families;

/// <summary>What is predicted.</summary>
public enum TaskKind { /// <summary>Two classes.</summary>
    Binary, /// <summary>Three or more classes.</summary>
    Multiclass, /// <summary>A number.</summary>
    Regression }
