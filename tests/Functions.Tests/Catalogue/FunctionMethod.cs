using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using TriOps.Core.Steps;

namespace TriOps.Functions.Tests.Catalogue;

/// <summary>A function of the app.</summary>
public sealed record FunctionMethod(string Name, MethodInfo Method)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FunctionMethod> All { get; } =
    [
        .. from type in typeof(FunctionsServices).Assembly.GetTypes()
           from method
               in type.GetMethods(
               BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           select new FunctionMethod(function.Name, method),
    ];

    /// <summary>Its triggers' attributes.</summary>
    public IReadOnlyList<TriggerBindingAttribute> Triggers =>
        [.. Method.GetParameters().Select(p => p.GetCustomAttribute<TriggerBindingAttribute>()).OfType<TriggerBindingAttribute>()];

    public bool Is<T>() where T : TriggerBindingAttribute => Triggers is [T];

    public override string ToString() => Name;
}
