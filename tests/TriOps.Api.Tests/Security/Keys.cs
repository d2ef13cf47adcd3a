using System.Net;
using TriOps.Api.Security;

namespace TriOps.Api.Tests.Security;

/// <summary>A key for each kind of holder, and a host that knows them.</summary>
internal static class Keys
{
    public const string Owner = "the-owners-key-of-24-xyz";

    private static readonly string[] Roles =
        ["reader", "contributor", "approver", "predictor", "reader:other", "contributor:other", "approver:other", "predictor:other",
        "contributor:demo", "approver:demo"];

    /// <summary>The holder of a role, as a header.</summary>
    public static (string, string) With(string role) => ("x-api-key", KeyOf(role));

    /// <summary>The name in the audit log of a role's holder.</summary>
    public static string NameOf(string role) => $"key:{role.Replace(':', '-')}";

    public static ApiHost Host() => new(RequestGuard.For(IPAddress.Loopback, Owner, $"{{{string.Join(",", Roles.Select(r => $$"""
        "{{r.Replace(':', '-')}}":{"key":"{{KeyOf(r)}}","roles":["{{r}}"]}
        """))}}}"));

    private static string KeyOf(string role) => $"the-key-of-{role}-and-more";
}
