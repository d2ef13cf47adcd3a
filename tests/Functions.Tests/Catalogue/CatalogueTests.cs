using System.Reflection;
using System.Text.RegularExpressions;
using Cronos;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Core.Settings;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Durable;
using TriOps.Functions.Triggers;
using TriOps.LocalHost.Workflows;
using Workflows = TriOps.Core.Workflows;

namespace TriOps.Functions.Tests.Catalogue;

/// <summary>The functions and the local registrations say the same, and the host will take the functions' names.</summary>
public sealed class CatalogueTests
{
    private static readonly WorkflowRegistry Local = new();

    static CatalogueTests() => Registrations.AddAll(Local);

    [Fact]
    public void Orchestrations_AreTheLocalRegistrations()
    {
        var functions = Names<OrchestrationTriggerAttribute>();
        Assert.Equal(Local.Orchestrations.Order(), functions);
    }

    [Fact]
    public void Activities_AreTheLocalRegistrations()
    {
        var functions = Names<ActivityTriggerAttribute>();
        Assert.Equal(Local.Activities.Order(), functions);
    }

    [Fact]
    public void Triggers_AreTheOnesThatTheDocumentsName() =>
        Assert.Equal(["InboxBlob", "InboxEvent", "JobEvents", "MonitorTimer", "ZzSite"],
            FunctionMethod.All.Where(f => !f.Is<OrchestrationTriggerAttribute>() && !f.Is<ActivityTriggerAttribute>())
            .Select(f => f.Name).Order());

    [Fact]
    public void EveryFunction_HasOneTriggerAndIsPublicAndNotVoid() => Assert.All(FunctionMethod.All, f =>
    {
        Assert.Single(f.Triggers);
        Assert.True(f.Method.IsPublic && f.Method.DeclaringType!.IsPublic);
        Assert.True(typeof(Task).IsAssignableFrom(f.Method.ReturnType));
    });

    [Fact]
    public void Names_AreLegalAndUniqueIgnoringCase()
    {
        Assert.All(FunctionMethod.All,
            f => Assert.Matches(new Regex("^(?!host$)[A-Za-z][A-Za-z0-9_-]{0,127}$", RegexOptions.IgnoreCase), f.Name));
        Assert.Equal(FunctionMethod.All.Count, FunctionMethod.All.Select(f => f.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Site_IsTheOnlyHttpFunctionAndItsNameIsTheLast()
    {
        var site = Assert.Single(FunctionMethod.All, f => f.Is<HttpTriggerAttribute>());
        Assert.Equal(site.Name, FunctionMethod.All.Select(f => f.Name).Order(StringComparer.OrdinalIgnoreCase).Last());
        var trigger = (HttpTriggerAttribute)site.Triggers[0];
        Assert.Equal(("{*path}", AuthorizationLevel.Anonymous), (trigger.Route, trigger.AuthLevel));
        Assert.Null(trigger.Methods); // All of them: which one a route takes, the route says.
    }

    [Fact]
    public void Queues_ListenedTo_ExistWithTheirPoisonQueue() =>
        Assert.All(FunctionMethod.All.SelectMany(f => f.Triggers).OfType<QueueTriggerAttribute>(), t =>
    {
        Assert.Contains(t.QueueName, Queues.All);
        Assert.Contains(Queues.PoisonOf(t.QueueName), Queues.All);
    });

    [Fact]
    public void Timer_HasSixFields()
    {
        var timer = FunctionMethod.All.SelectMany(f => f.Triggers).OfType<TimerTriggerAttribute>().Single();
        Assert.Equal(6, timer.Schedule.Split(' ').Length);
        Assert.NotNull(CronExpression.Parse(timer.Schedule, CronFormat.IncludeSeconds).GetNextOccurrence(DateTime.UnixEpoch));
    }

    /// <summary>A function that leads to workflows without handing the client on fails only in a process in which it is the
    /// first.</summary>
    [Fact]
    public void EveryFunction_ThatMayReachWorkflows_BindsTheDurableClient()
    {
        Type[] leading = [typeof(DurableConnection), typeof(QueueRun)];
        Assert.All(FunctionMethod.All.Where(f => !f.Is<OrchestrationTriggerAttribute>()), f =>
        {
            var leads = f.Method.DeclaringType!.GetConstructors().SelectMany(c => c.GetParameters())
                .Any(p => leading.Contains(p.ParameterType));
            var binds = f.Method.GetParameters()
                .Any(p => p.GetCustomAttribute<DurableClientAttribute>() is not null && p.ParameterType == typeof(DurableTaskClient));
            Assert.Equal(leads, binds);
            Assert.True(leads || f.Is<ActivityTriggerAttribute>(), $"{f.Name} does not bind the client.");
        });
    }

    /// <summary>Activities do not get the client, so none may want workflows.</summary>
    [Fact]
    public void NoActivity_WantsWorkflows() => Assert.DoesNotContain(typeof(TriOps.Activities.ActivitiesServices).Assembly.GetTypes()
        .Where(t => t.GetInterfaces().Any(IsActivity)),
        t => t.GetConstructors().SelectMany(c => c.GetParameters()).Any(p => p.ParameterType == typeof(Workflows.IWorkflows)));

    /// <summary>Whatever the app is told about jobs, its services are enough for every step, trigger and page.</summary>
    [Theory]
    [InlineData("process")]
    [InlineData("containerapps")]
    public async Task EveryActivityAndFunction_CanBeMade(string compute)
    {
        const string Profiles =
            """{"cpu":{"job":"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.App/jobs/trainer","pricePerHour":0.1,"currency":"USD"}}""";
        var app = new FunctionsApp(
            new() { [SettingNames.Compute] = compute, [SettingNames.ComputeProfiles] = Profiles, [SettingNames.Auth] = "none" });
        await app.InitializeAsync();
        foreach (var activity in typeof(TriOps.Activities.ActivitiesServices).Assembly.GetTypes()
            .Where(t => t.GetInterfaces().Any(IsActivity))) Assert.NotNull(ActivatorUtilities.CreateInstance(app.Services, activity));
        foreach (var function in FunctionMethod.All.Where(f => !f.Method.IsStatic))
            Assert.NotNull(ActivatorUtilities.CreateInstance(app.Services, function.Method.DeclaringType!));
        await app.DisposeAsync();
    }

    /// <summary>A function that names one class and runs another would compile.</summary>
    [Fact]
    public void EveryStepFunction_RunsTheClassThatItIsNamedAfter() => Assert.All(FunctionMethod.All.Where(f => f.Method.IsStatic), f =>
    {
        var (folder, run) = f.Is<ActivityTriggerAttribute>() ? ("Activities", "ActivityRun") : ("Orchestrations", "WorkflowRun");
        var text = File.ReadAllText(Path.Combine(Repository.Root, "functions", folder, $"{f.Method.DeclaringType!.Name}.cs"));
        Assert.Matches(
            new Regex(
            $@"\[Function\(nameof\({f.Name}\)\)\]\s+public static Task<\w+> {f.Name}Async\([^)]*\) =>\s+{run}\.RunAsync<{f.Name}, "), text);
    });

    private static bool IsActivity(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Workflows.IActivity<,>);

    private static IEnumerable<string> Names<T>() where T : TriggerBindingAttribute => FunctionMethod.All.Where(f => f.Is<T>())
        .Select(f => f.Name).Order();
}
