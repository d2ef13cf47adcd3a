namespace TriOps.LocalHost.Workflows;

/// <summary>Every orchestration and activity of the catalogue, by hand: one line each.</summary>
public static class Registrations
{
    /// <summary>Registers them all.</summary>
    public static void AddAll(WorkflowRegistry registry)
    {
    }
}
