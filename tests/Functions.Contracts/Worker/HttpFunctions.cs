using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>HTTP functions as the worker serves them: one endpoint each, its route and methods from the attribute, an object per invocation from the invocation's scope,
/// the IResult executed. Where several routes fit, the first by name is taken, as the host does.</summary>
public sealed class HttpFunctions(IServiceProvider services)
{
    /// <summary>Maps every HTTP function of this assembly.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var order = 0;
        foreach (var (name, method, trigger) in Find().OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase))
        {
            var endpoint = trigger.Methods is { Length: > 0 } verbs
                ? routes.MapMethods(trigger.Route ?? name, verbs, context => InvokeAsync(method, context))
                : routes.Map(trigger.Route ?? name, context => InvokeAsync(method, context));
            endpoint.WithOrder(order++);
        }
    }

    private static IEnumerable<(string Name, MethodInfo Method, HttpTriggerAttribute Trigger)> Find() =>
        from type in typeof(HttpFunctions).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        let trigger = method.GetParameters().Select(p => p.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(t => t is not null)
        where function is not null && trigger is not null
        select (function.Name, method, trigger);

    private async Task InvokeAsync(MethodInfo method, HttpContext context)
    {
        var target = method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.RequestServices, method.DeclaringType!);
        object?[] arguments = [.. method.GetParameters().Select(p => p.ParameterType == typeof(HttpRequest) ? context.Request
            : p.ParameterType == typeof(DurableTaskClient) ? services.GetService<DurableTaskClient>() ?? new NoDurableClient()
            : (object?)context.RequestAborted)];
        var result = await (Task<IResult>)method.Invoke(target, arguments)!;
        await result.ExecuteAsync(context);
    }
}
