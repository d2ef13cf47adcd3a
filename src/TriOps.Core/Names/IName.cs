using System.Diagnostics.CodeAnalysis;

namespace TriOps.Core.Names;

/// <summary>A validated name: 1 to 63 characters of a-z, 0-9 and '-', starting and ending with a letter or digit.
/// Safe as a path segment, a table key and a URL segment. <c>default</c> is not a name: reading it throws.</summary>
public interface IName<TSelf> : IParsable<TSelf> where TSelf : struct, IName<TSelf>
{
    /// <summary>What the name names, for error messages: "project", "dataset".</summary>
    static abstract string Noun { get; }

    /// <summary>The name's text.</summary>
    string Value { get; }

    /// <summary>Wraps a text that <see cref="NameRule"/> has accepted.</summary>
    static abstract TSelf FromValid(string text);
}

/// <summary>The one rule every name obeys.</summary>
public static class NameRule
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>The name in <paramref name="text"/>.</summary>
    /// <exception cref="FormatException">The text breaks the rule; the message says how.</exception>
    public static T Parse<T>(string? text) where T : struct, IName<T> =>
        TryParse<T>(text, out var name) ? name : throw new FormatException(
            $"'{Shorten(text)}' is not a {T.Noun} name. Use 1 to {MaxLength} characters of a-z, 0-9 and '-', starting and ending with a "
            + $"letter or digit.");

    /// <summary>Like <see cref="Parse{T}"/>, without throwing.</summary>
    public static bool TryParse<T>([NotNullWhen(true)] string? text, out T name) where T : struct, IName<T>
    {
        name = default;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text[0] == '-' || text[^1] == '-') return false;
        foreach (var c in text)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-')) return false;
        name = T.FromValid(text);
        return true;
    }

    private static string Shorten(string? text) => text is null ? "" : text.Length <= 80 ? text : text[..80] + "…";
}
