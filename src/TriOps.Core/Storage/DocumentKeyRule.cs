namespace TriOps.Core.Storage;

/// <summary>The one rule every part of a <see cref="DocumentKey"/> obeys, and every lease's name.</summary>
public static class DocumentKeyRule
{
    /// <summary>Longest key part, in characters.</summary>
    public const int MaxLength = 512;

    /// <summary>Returns <paramref name="key"/> if both parts may be stored.</summary>
    /// <exception cref="InvalidInputException">A part may not (code key-unsafe).</exception>
    public static DocumentKey Checked(this DocumentKey key)
    {
        Check(key.Partition, "partition");
        Check(key.Row, "row");
        return key;
    }

    /// <summary>Checks one part, called <paramref name="noun"/> in the message.</summary>
    /// <exception cref="InvalidInputException">It is empty, too long, or holds a forbidden character (code key-unsafe).</exception>
    public static void Check(string? part, string noun)
    {
        if (string.IsNullOrEmpty(part)) throw Unsafe(part, noun, "it is empty");
        if (part.Length > MaxLength) throw Unsafe(part[..40] + "…", noun, $"it has {part.Length} characters");
        for (var i = 0; i < part.Length; i++)
        {
            var c = part[i];
            if (char.IsControl(c) || c is '/' or '\\' or '#' or '?') throw Unsafe(part, noun, $"character {i + 1} is not allowed");
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 == part.Length || !char.IsLowSurrogate(part[++i]))
                throw Unsafe(part, noun, "it holds half a character");
        }
    }

    private static InvalidInputException Unsafe(string? part, string noun, string why) => new("key-unsafe",
        $"'{new string([.. (part ?? "").Where(c => !char.IsControl(c) && !char.IsSurrogate(c))])}' cannot be a {noun}: {why}. Use 1 to "
        + $"{MaxLength} characters without control characters, '/', '\\', '#' and '?'.");
}
