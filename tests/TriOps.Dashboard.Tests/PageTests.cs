using System.Net;
using System.Text.RegularExpressions;
using TriOps.Core.Governance;

namespace TriOps.Dashboard.Tests;

public sealed class PageTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [Theory]
    [InlineData("/", "clinic", "diagnosis")]
    [InlineData("/projects/clinic", "tumours", "diagnosis:1", "champion", "10 %")]
    [InlineData("/projects/clinic/datasets/tumours", "a.csv", "Histogram of size", "5%")]
    [InlineData("/projects/clinic/runs/" + SeededDomain.RunId, "PlanTraining", "CreateRevision", "ran out of memory", "validation/auc",
        "not used as a feature", "42.0 s", "0.0015 EUR")]
    [InlineData("/projects/clinic/runs/" + SeededDomain.UnplannedRunId, "Failed", "The label has one class only.")]
    [InlineData("/projects/clinic/models/diagnosis/1", "0.9500", "champion auc", "size in [0, 5)", "dataset-version",
        "Show the Markdown", "undefined")]
    [InlineData("/projects/clinic/deployments/diagnosis", "version 1 · 90 %", "50 requests, 1 failed", "size: mean 14.1 → 19.8 (+1.6 sd)",
        "retraining started", "auc 0.8100")]
    [InlineData("/workflows", SeededDomain.DeployId, "Waiting for a person")]
    [InlineData("/workflows/" + SeededDomain.DeployId, "A decision is wanted", "width:25%")]
    public async Task Page_WithData_ShowsItEscapedAndGuarded(string url, params string[] expected)
    {
        var response = await pages.Client.GetAsync(url);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        var text = WebUtility.HtmlDecode(html);
        Assert.All(expected, e => Assert.Contains(e, text, StringComparison.Ordinal));
        Assert.DoesNotContain(SeededDomain.Hostile, html, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/projects/absent", HttpStatusCode.NotFound, "There is no project 'absent'")]
    [InlineData("/projects/clinic/runs/absent", HttpStatusCode.NotFound, "There is no run 'absent'")]
    [InlineData("/projects/clinic/models/diagnosis/9", HttpStatusCode.NotFound, "There is no model version clinic/diagnosis:9")]
    [InlineData("/projects/clinic/deployments/absent", HttpStatusCode.NotFound, "There is no deployment clinic/absent")]
    [InlineData("/workflows/absent", HttpStatusCode.NotFound, "There is no workflow instance 'absent'")]
    public async Task Page_OfSomethingAbsent_SaysSo(string url, HttpStatusCode status, string message)
    {
        var response = await pages.Client.GetAsync(url);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(message, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html", "There is no /nowhere")]
    [InlineData("/projects/%3Cscript%3E/x", "text/html", "text/html", "/projects/%3Cscript%3E/x")]
    [InlineData("/nowhere", "*/*", "application/problem+json", "route-missing")]
    [InlineData("/nowhere", "application/json", "application/problem+json", "route-missing")]
    public async Task Page_NobodyHas_IsAPageForBrowsersAndAProblemForPrograms(string url, string accept, string mediaType, string says)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("Accept", accept);
        var response = await pages.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((HttpStatusCode.NotFound, mediaType), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains(says, WebUtility.HtmlDecode(text), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithANameThatIsNone_IsAPage()
    {
        var response = await pages.Client.GetAsync("/projects/Bad!");
        Assert.Equal((HttpStatusCode.BadRequest, "text/html"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task Head_OfAPage_IsAnsweredWithoutABody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        var response = await pages.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/projects/clinic")]
    [InlineData("/projects/clinic/datasets/tumours")]
    [InlineData("/projects/clinic/runs/" + SeededDomain.RunId)]
    [InlineData("/projects/clinic/models/diagnosis/1")]
    [InlineData("/projects/clinic/deployments/diagnosis")]
    [InlineData("/workflows")]
    [InlineData("/workflows/" + SeededDomain.DeployId)]
    public async Task Page_ForAScreenReader_HasOneHeadingNamedColumnsAndLabelledFields(string url)
    {
        var html = await pages.Client.GetStringAsync(url);

        Assert.Single(Regex.Matches(html, "<h1"));
        Assert.Contains("<html lang=\"en\">", html, StringComparison.Ordinal);
        Assert.Contains("href=\"#main\"", html, StringComparison.Ordinal);
        Assert.All(Regex.Matches(html, "<th(?:\\s[^>]*)?>([^<]*)"), th =>
        {
            Assert.Contains("scope=\"col\"", th.Value, StringComparison.Ordinal);
            Assert.NotEmpty(th.Groups[1].Value.Trim());
        });
        Assert.All(Regex.Matches(html, "<table>\\s*<([a-z]+)"), table => Assert.Equal("thead", table.Groups[1].Value));
        Assert.All(Regex.Matches(html, "<input"),
            input => Assert.Contains("<label>", html[Math.Max(0, input.Index - 40)..input.Index], StringComparison.Ordinal));
        Assert.All(Regex.Matches(html, "<svg[^>]*>"), svg => Assert.Matches("role=\"img\".*aria-label=\"[^\"]+\"", svg.Value));
    }

    [Fact]
    public async Task Page_OfSomethingUnderWay_RenewsItself()
    {
        Assert.Contains("data-live", await pages.Client.GetStringAsync("/workflows/" + SeededDomain.DeployId), StringComparison.Ordinal);
        Assert.DoesNotContain("data-live", await pages.Client.GetStringAsync("/workflows/" + SeededDomain.RunId), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_NamedByTheirHash_AreCachedForAYear()
    {
        var html = await pages.Client.GetStringAsync("/");
        foreach (var name in new[] { "app.css", "app.js", "icon.svg" })
        {
            var response = await pages.Client.GetAsync(DashboardAssets.Url(name));
            Assert.Contains(DashboardAssets.Url(name), html, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(TimeSpan.FromDays(365), response.Headers.CacheControl!.MaxAge);
        }
    }

    [Fact]
    public void EveryPage_SaysWhoMaySeeIt() =>
        Assert.Empty(pages.Routes.Where(r => r.Metadata.GetMetadata<RouteRole>() is null).Select(r => r.DisplayName));

    [Theory]
    [InlineData("", "/", "clinic", false)]
    [InlineData("reader:other", "/", "/projects/clinic", false)]
    [InlineData("reader:clinic", "/", "/projects/clinic", true)]
    [InlineData("reader:other", "/workflows", SeededDomain.DeployId, false)]
    [InlineData("reader", "/workflows", SeededDomain.DeployId, true)]
    public async Task Page_OverAllProjects_ShowsThoseThatMayBeRead(string roles, string url, string what, bool shown) =>
        Assert.Equal(shown, (await GetAsAsync(roles, url)).Text.Contains(what, StringComparison.Ordinal));

    [Fact]
    public async Task Page_OfAWorkflowOfAnotherProject_IsNotShown()
    {
        var (status, text) = await GetAsAsync("reader:other approver:other", "/workflows/" + SeededDomain.DeployId);
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("This wants the role reader", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Waiting for a person", text, StringComparison.Ordinal);
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsAsync(string roles, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "x-test-roles", roles } } };
        using var response = await pages.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("same-origin", null, HttpStatusCode.Redirect, 1)]
    [InlineData("cross-site", null, HttpStatusCode.Forbidden, 0)]
    [InlineData(null, "http://evil.example", HttpStatusCode.Forbidden, 0)]
    [InlineData(null, null, HttpStatusCode.Forbidden, 0)]
    public async Task Approval_FromAForm_IsTakenFromTheSameSiteOnly(string? site, string? origin, HttpStatusCode status, int raised)
    {
        var comment = $"Because {site} {origin}";
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/workflows/{SeededDomain.DeployId}/approval")
        {
            Content = new FormUrlEncodedContent([new("decision", "approve"), new("by", "the chief"), new("comment", comment)]),
        };
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);
        if (origin is not null) request.Headers.Add("Origin", origin);

        var response = await pages.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(raised, (await pages.AuditAsync("deployment.approval"))
            .Count(e => e.Actor == "local" && e.Details["comment"] == comment));
        Assert.Equal(raised,
            pages.Workflows.Raised.Count(r => r.Payload is Core.Steps.ApprovalDecision { Approved: true, By: "local" } decision
            && decision.Comment == comment));
    }
}
