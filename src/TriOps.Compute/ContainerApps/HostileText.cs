namespace TriOps.Compute;

/// <summary>Text from another system, made fit for a message.</summary>
internal static class HostileText
{
    private const int Longest = 300;

    /// <summary>One line of at most 300 characters, without control characters.</summary>
    public static string Line(string text)
    {
        var line = string.Concat(text.Take(Longest + 1).Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }
}
