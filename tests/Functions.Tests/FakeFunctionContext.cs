using Microsoft.Azure.Functions.Worker;

namespace TriOps.Functions.Tests;

/// <summary>An invocation.</summary>
internal sealed class FakeFunctionContext(IServiceProvider services) : FunctionContext
{
    public override string InvocationId => "invocation";
    public override string FunctionId => "function";
    public override IServiceProvider InstanceServices { get; set; } = services;
    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();
    public override IInvocationFeatures Features => throw Unknown();
    public override TraceContext TraceContext => throw Unknown();
    public override BindingContext BindingContext => throw Unknown();
    public override RetryContext RetryContext => throw Unknown();
    public override FunctionDefinition FunctionDefinition => throw Unknown();

    private static InvalidOperationException Unknown() => new("No function of TriOps asks for this.");
}
