using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core.Deployments;
using TriOps.Core.Governance;
using TriOps.Core.Models;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;
using TriOps.Orchestrations;
using TriOps.Testing.Durable;
using TriOps.Testing.Fakes;

namespace TriOps.Dashboard.Tests;

/// <summary>The only action on the pages, while the orchestration itself waits on Durable's executor: what it says of itself is what the
/// page must understand.</summary>
public sealed class ApprovalPageTests : IAsyncLifetime
{
    private const string Id = "deploy-clinic-diagnosis-v2-x", Page = "/workflows/" + Id;
    private static readonly RevisionRef Revision = new(new(ProjectName.Parse("clinic"), DeploymentName.Parse("diagnosis")), 1);

    private readonly DurableBench bench = new DurableBench().Run<DeployModel, DeployRequest, DeployResult>()
        .Answer(DeploySteps.CreateRevision, Revision).Answer(DeploySteps.SmokeTest, new(true, "fits", Alone: true))
        .Answer(DeploySteps.Promote, new Done());

    private Caller caller = Caller.Local;
    private WebApplication? app;
    private HttpClient Client { get; set; } = new();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMemoryStores(bench.Time).AddTriOpsDashboard().AddSingleton(bench.Workflows);
        app = builder.Build();
        app.Use((context, next) =>
        {
            context.Features.Set(caller);
            return next(context);
        });
        app.MapTriOpsDashboard();
        await app.StartAsync();
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app!.DisposeAsync();
    }

    [Fact]
    public async Task Deployment_ThatWaits_OffersTheDecisionAndGoesOnWithIt()
    {
        await StartAsync();
        var waiting = await Client.GetStringAsync(Page);
        Assert.Contains("A decision is wanted", waiting, StringComparison.Ordinal);
        Assert.Contains("You decide as local.", waiting, StringComparison.Ordinal);
        Assert.Contains("waits for approval until", waiting, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Redirect, (await DecideAsync("approve", "looks good")).StatusCode);
        await bench.Hub.SettleAsync();

        Assert.Equal(RevisionState.Active, bench.Result<DeployResult>(Id).State);
        Assert.DoesNotContain("A decision is wanted", await Client.GetStringAsync(Page), StringComparison.Ordinal);
    }

    /// <summary>With no-referrer, Chromium sends the form with "Origin: null", and the guard takes it for another site's.</summary>
    [Fact]
    public async Task Page_WithAForm_LetsTheBrowserSayWhereItComesFrom()
    {
        await StartAsync();
        using var response = await Client.GetAsync(Page);
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task Deployment_ThatIsRejected_EndsWithWhoAndWhy()
    {
        await StartAsync();
        caller = new("ada@example.org", [new(Role.Approver, Revision.Deployment.Project)]);
        await DecideAsync("reject", "too early");
        await bench.Hub.SettleAsync();
        Assert.Equal("ada@example.org rejected clinic/diagnosis:2: too early", bench.Result<DeployResult>(Id).Reason);
    }

    [Fact]
    public async Task Deployment_ToAReader_SaysWhoDecidesAndOffersNothing()
    {
        await StartAsync();
        caller = new("bob@example.org", [new(Role.Contributor)]);
        var html = await Client.GetStringAsync(Page);
        Assert.Contains("Approvers of this project decide; bob@example.org is none.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await DecideAsync("approve", null)).StatusCode);
    }

    [Fact]
    public async Task Deployment_OfOnesOwn_OffersToStopItWhereItTakesTwo()
    {
        await StartAsync(byOther: true);
        var html = await Client.GetStringAsync(Page);
        Assert.Contains("another person&#x27;s approval", html, StringComparison.Ordinal);
        Assert.Contains("value=\"reject\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"approve\"", html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await DecideAsync("approve", null)).StatusCode);
        await bench.Hub.SettleAsync();
        Assert.False((await bench.Workflows.FindAsync(Id, default))!.IsEnded);
    }

    [Fact]
    public async Task Deployment_ThatNobodyDecidedOn_OffersNothingAnyMore()
    {
        await StartAsync();
        await bench.Hub.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.DoesNotContain("A decision is wanted", await Client.GetStringAsync(Page), StringComparison.Ordinal);
    }

    private Task StartAsync(bool byOther = false)
    {
        var spec = new DeploySpec(Revision.Deployment.Name, Strategy.Immediate, [], TimeSpan.Zero, TimeSpan.FromHours(1), new(),
            new("0 * * * *", 1, 0.2, 0.01, 0, new(false, TimeSpan.FromDays(1), 1)), byOther);
        return bench.StartAsync(DeploySteps.Workflow,
            new DeployRequest(new ModelVersionRef(Revision.Deployment.Project, ModelName.Parse("diagnosis"), 2), spec, caller.Name), Id);
    }

    private async Task<HttpResponseMessage> DecideAsync(string decision, string? comment)
    {
        using var request =
            new HttpRequestMessage(HttpMethod.Post,
            $"{Page}/approval") { Content = new FormUrlEncodedContent([new("decision", decision), new("comment", comment ?? "")]) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await Client.SendAsync(request);
    }
}
