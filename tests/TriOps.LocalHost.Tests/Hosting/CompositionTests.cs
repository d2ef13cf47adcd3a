using Microsoft.Extensions.DependencyInjection;
using TriOps.Activities;
using TriOps.Api.Security;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Durable;
using TriOps.LocalHost.Hosting;

namespace TriOps.LocalHost.Tests.Hosting;

public sealed class CompositionTests
{
    /// <summary>Activities are made when they are called: what one lacks would show in the middle of a run.</summary>
    [Fact]
    public async Task Host_Composed_CanMakeEveryActivityAndKnowsEveryName()
    {
        var root = Directory.CreateTempSubdirectory("triops-composition-").FullName;
        try
        {
            using var state = StateFolder.Take(root);
            var arguments = HostArguments.Parse(["--state", root, "--storage", "UseDevelopmentStorage=true"]);
            await using var storage = await LocalStorage.StartAsync(arguments, state, CancellationToken.None);
            await using var app = HostApp.Build(arguments, state, storage, RequestGuard.For(System.Net.IPAddress.Loopback, null));
            var activities = typeof(ActivitiesServices).Assembly.GetTypes()
                .Where(t => t is { IsAbstract: false } && t.GetInterfaces()
                .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IActivity<,>))).ToList();
            foreach (var activity in activities) Assert.NotNull(ActivatorUtilities.GetServiceOrCreateInstance(app.Services, activity));

            var registry = app.Services.GetRequiredService<WorkflowRegistry>();
            Assert.Equal(activities.Select(a => a.Name).Order(), registry.Activities.Order());
            Assert.Equal(6, registry.Orchestrations.Count);
        }
        finally { Directory.Delete(root, recursive: true); }
    }
}
