namespace TriOps.Core.Governance;

/// <summary>What a route wants of its caller. Every route has one as metadata: a route without is answered to nobody.</summary>
/// <param name="Role">The role, on the project that the address names; where it names none, on some project, and the handler asks for the
/// right one. Null: whoever was let in.</param>
public sealed record RouteRole(Role? Role)
{
    /// <summary>For whoever was let in.</summary>
    public static RouteRole Anyone { get; } = new((Role?)null);
    /// <summary>For who sees.</summary>
    public static RouteRole Reader { get; } = new(Governance.Role.Reader);
    /// <summary>For who changes.</summary>
    public static RouteRole Contributor { get; } = new(Governance.Role.Contributor);
    /// <summary>For who decides.</summary>
    public static RouteRole Approver { get; } = new(Governance.Role.Approver);
    /// <summary>For who asks models.</summary>
    public static RouteRole Predictor { get; } = new(Governance.Role.Predictor);
}
