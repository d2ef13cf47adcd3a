using System.Runtime.CompilerServices;

namespace TriOps.EndToEnd.Tests;

/// <summary>A test of many minutes. It runs by its own command: <c>TRIOPS_SLOW=1 dotnet test tests/TriOps.EndToEnd.Tests</c>.</summary>
internal sealed class SlowFactAttribute : FactAttribute
{
    public SlowFactAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1) : base(file, line)
    {
        if (Environment.GetEnvironmentVariable("TRIOPS_SLOW") != "1") Skip = "Takes many minutes: TRIOPS_SLOW=1 runs it.";
    }
}
