using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Governance;
using TriOps.Core.Settings;

namespace TriOps.Api.Tests.Security;

/// <summary>Who a request's caller is, and what he was given.</summary>
public sealed class KeyAndSignInTests
{
    private const string Owner = "the-owners-key-of-24-xyz", Ci = "the-key-of-our-ci-of-26-ab";

    [Fact]
    public async Task Keys_Named_SayWhoAsksAndWhatHeMay()
    {
        var guard = RequestGuard.For(IPAddress.Any, Owner, $$$"""{"ci":{"key":"{{{Ci}}}","roles":["contributor:shop","reader"]}}""");

        var (owner, ci) = (await CallerAsync(guard, ("x-api-key", Owner)), await CallerAsync(guard, ("Authorization", $"Bearer {Ci}")));

        Assert.Equal(("key:owner", "contributor:shop reader"), (owner!.Name, string.Join(' ', ci!.Grants)));
        Assert.Equal("key:ci", ci.Name);
        Assert.True(owner.May(Role.Approver, null) && owner.May(Role.Predictor, null));
        Assert.Null(await CallerAsync(guard, ("x-api-key", Ci + "c")));
    }

    [Fact]
    public async Task Keys_WithoutAnOwners_AreEnough()
    {
        var guard =
            RequestGuard.FromSettings(name => name == SettingNames.Keys ? $$$"""{"app":{"key":"{{{Ci}}}","roles":["predictor"]}}""" : null);
        Assert.False(guard.LoopbackOnly);
        Assert.Equal("key:app", (await CallerAsync(guard, ("x-api-key", Ci)))!.Name);
    }

    [Theory]
    [InlineData("""{"ci":{"key":"short","roles":["reader"]}}""", "api-key-short")]
    [InlineData("""{"ci":{"key":"the-key-of-our-ci-of-26-ab","roles":["boss"]}}""", "api-keys-invalid")]
    [InlineData("""{"ci":{"key":"the-key-of-our-ci-of-26-ab","roles":["reader:No Project"]}}""", "api-keys-invalid")]
    [InlineData("""{"ci":{"key":"the-key-of-our-ci-of-26-ab"}}""", "api-keys-invalid")]
    [InlineData("""{"ci":{"key":"the-key-of-our-ci-of-26-ab","role":["reader"]}}""", "api-keys-invalid")]
    [InlineData("""{"owner":{"key":"the-key-of-our-ci-of-26-ab","roles":["reader"]}}""", "api-keys-invalid")]
    [InlineData("""{"ci":{"key":"the-owners-key-of-24-xyz","roles":["reader"]}}""", "api-keys-invalid")]
    [InlineData("""{"ci":{"key":"the-key-of-our-ci-of-26-ab" "roles":1}}""", "api-keys-invalid")]
    [InlineData("{}", "api-keys-invalid")]
    public void Keys_ThatCannotBeUsed_AreRefusedWithoutBeingShown(string keys, string code)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => RequestGuard.For(IPAddress.Any, Owner, keys));
        Assert.Equal(code, refusal.Code);
        Assert.DoesNotContain("the-key-of-our", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("the-owners-key", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task InferenceServersKey_Alone_PredictsAndDoesNothingElse()
    {
        var caller = await CallerAsync(RequestGuard.FromSettings(name => name == SettingNames.ApiKey ? Owner : null, only: Role.Predictor),
            ("x-api-key", Owner));
        Assert.Equal("predictor", string.Join(' ', caller!.Grants));
        Assert.False(caller.MaySomewhere(Role.Reader) || caller.MaySomewhere(Role.Contributor) || caller.MaySomewhere(Role.Approver));
    }

    [Theory]
    [InlineData(
        """{"auth_typ":"aad","name_typ":"name","role_typ":"roles","claims":[{"typ":"roles","val":"contributor:shop"},{"typ":"roles","val":"Sales.Boss"},{"typ":"name","val":"reader"},{"typ":"roles","val":"approver"}]}""", "contributor:shop approver")]
    [InlineData("""{"claims":[{"typ":"http://schemas.microsoft.com/ws/2008/06/identity/claims/role","val":"reader"}]}""", "reader")]
    [InlineData("""{"role_typ":"r","claims":[{"typ":"r","val":"predictor"}]}""", "predictor")]
    [InlineData("""{"claims":[]}""", "")]
    [InlineData("nonsense", "")]
    [InlineData(null, "")]
    public async Task SignIn_ByThePlatform_GivesTheAppRolesThatAreOurs(string? principal, string grants)
    {
        var guard = RequestGuard.FromSettings(name => name == SettingNames.Auth ? "entra" : null);
        var caller = await CallerAsync(guard, ("X-MS-CLIENT-PRINCIPAL-ID", "8f0c"), ("X-MS-CLIENT-PRINCIPAL-NAME", "ada@example.org"),
            ("X-MS-CLIENT-PRINCIPAL", principal is null ? "" : Convert.ToBase64String(Encoding.UTF8.GetBytes(principal))));
        Assert.Equal(("ada@example.org", grants), (caller!.Name, string.Join(' ', caller.Grants)));
    }

    [Fact]
    public async Task LocalHost_WithoutAKey_AllowsEverythingToWhoSitsThere()
    {
        var caller = await CallerAsync(RequestGuard.For(IPAddress.Loopback, null));
        Assert.Equal("local", caller!.Name);
        Assert.All(Enum.GetValues<Role>(), role => Assert.True(caller.May(role, null)));
    }

    [Fact]
    public async Task Route_ThatSaysOfNobodyThatHeMayAsk_IsAnsweredToNobody()
    {
        var context = Request(("x-api-key", Owner));
        context.SetEndpoint(
            new Endpoint(_ => throw new InvalidOperationException("It ran."), new EndpointMetadataCollection(), "forgotten"));
        await RequestGuard.For(IPAddress.Any, Owner).InvokeAsync(context, c => c.GetEndpoint()!.RequestDelegate!(c));
        Assert.Equal(403, context.Response.StatusCode);
    }

    private static async Task<Caller?> CallerAsync(RequestGuard guard, params (string Name, string Value)[] headers)
    {
        Caller? caller = null;
        await guard.InvokeAsync(Request(headers), context =>
        {
            caller = context.Caller();
            return Task.CompletedTask;
        });
        return caller;
    }

    private static DefaultHttpContext Request(params (string Name, string Value)[] headers)
    {
        var context =
            new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider() };
        (context.Request.Method, context.Request.Path, context.Request.Host) = ("GET", "/api/projects", new HostString("127.0.0.1:5000"));
        foreach (var (name, value) in headers) context.Request.Headers[name] = value;
        return context;
    }
}
