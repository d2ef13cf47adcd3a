using System.Reflection;
using Xunit.Sdk;

namespace TriOps.Infra.Tests.Hooks;

/// <summary>
/// A row of a theory for each shell that hooks are written for: the shell, then <paramref name="row"/>. PowerShell only where it is there.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class InShellsAttribute(params object[] row) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Shell.Here.Select(shell => (object[])[shell, .. row]);
}

/// <summary>Where PowerShell is not on the PATH, this says that the hooks of Windows were not run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PowerShellFactAttribute : FactAttribute
{
    public PowerShellFactAttribute()
    {
        if (Shell.PowerShell is null)
            Skip = "pwsh is not on the PATH, so the hooks of Windows were not run: dotnet tool install --global PowerShell --version 7.6.9";
    }
}
