using Microsoft.Azure.Functions.Worker;

namespace TriOps.Functions.Tests;

/// <summary>An invocation.</summary>
internal sealed class FakeFunctionContext(IServiceProvider? services = null) : FunctionContext
{
    public override string InvocationId => "invocation";
    public override string FunctionId => "function";
    public override IServiceProvider InstanceServices { get; set; } = services!;
}
