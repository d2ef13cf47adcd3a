using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Api.Security;

/// <summary>Who may ask over HTTP.</summary>
public enum AuthMode { /// <summary>This machine only.</summary>
    None, /// <summary>Whoever sends an API key.</summary>
    Key, /// <summary>Whom the platform in front signed in.</summary>
    Entra }

/// <summary>What the settings ask for.</summary>
public static class AuthModes
{
    /// <summary>What <see cref="SettingNames.Auth"/> says; unset, <see cref="AuthMode.Key"/> where there is a key, else
    /// <see cref="AuthMode.None"/>.</summary>
    /// <param name="setting">The value of a setting, or null.</param>
    /// <exception cref="InvalidInputException">It says something else (code auth-invalid).</exception>
    public static AuthMode Of(Func<string, string?> setting) => setting(SettingNames.Auth) switch
    {
        null or "" => !KeyRing.IsSet(setting) ? AuthMode.None : AuthMode.Key,
        "none" => AuthMode.None,
        "key" => AuthMode.Key,
        "entra" => AuthMode.Entra,
        var other =>
        throw new InvalidInputException("auth-invalid", $"{SettingNames.Auth} is '{other}'; it may be 'entra', 'key' or 'none'."),
    };
}
