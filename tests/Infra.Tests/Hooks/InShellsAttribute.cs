using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Sdk;
using Xunit.v3;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>
/// A row of a theory for each shell that hooks are written for: the shell, then <paramref name="row"/>. PowerShell only where it is there.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class InShellsAttribute(params object[] row) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Shell.Here.Select(shell => new TheoryDataRow([shell, .. row]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>Where PowerShell is not on the PATH, this says that the hooks of Windows were not run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        if (Shell.PowerShell is null)
            Skip = "pwsh is not on the PATH, so the hooks of Windows were not run: dotnet tool install --global PowerShell --version 7.6.9";
    }
}
