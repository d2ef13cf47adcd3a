using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TriOps.Core;
using TriOps.Core.Governance;

namespace TriOps.Api.Security;

/// <summary>Whom the sign-in of App Service or Container Apps names. His roles are the app roles that Entra gave him; those that are not
/// TriOps' own are passed over.</summary>
/// <remarks>Source: learn.microsoft.com/azure/app-service/configure-authentication-user-identities, "Decoding the client principal
/// header".</remarks>
internal static class PlatformSignIn
{
    private const string Id = "X-MS-CLIENT-PRINCIPAL-ID", Name = "X-MS-CLIENT-PRINCIPAL-NAME", Claims = "X-MS-CLIENT-PRINCIPAL";
    private static readonly string[] RoleClaims = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    /// <summary>The caller; null when nobody is signed in.</summary>
    public static Caller? Read(HttpRequest request)
    {
        if (request.Headers[Id] is not [{ Length: > 0 } id]) return null;
        var name = request.Headers[Name] is [{ Length: > 0 } known] ? known : id; // Applications have no name.
        return new(name, request.Headers[Claims] is [{ Length: > 0 } claims] ? Grants(claims) : []);
    }

    private static List<Grant> Grants(string header)
    {
        var grants = new List<Grant>();
        try
        {
            var principal = JsonSerializer.Deserialize<Principal>(Convert.FromBase64String(header), TriOpsJson.Options);
            foreach (var claim in principal?.Claims ?? [])
                if (claim is { Typ: { } type, Val: { } value } && (RoleClaims.Contains(type) || type == principal!.RoleType)
                    && Grant.TryParse(value, out var grant)) grants.Add(grant);
        }
        // Not the platform's: who has no roles may do nothing.
        catch (Exception e) when (e is FormatException or JsonException) { grants.Clear(); }
        return grants;
    }

    private sealed record Principal([property: System.Text.Json.Serialization.JsonPropertyName("role_typ")] string? RoleType,
        IReadOnlyList<Claim?>? Claims);

    private sealed record Claim(string? Typ, string? Val);
}
