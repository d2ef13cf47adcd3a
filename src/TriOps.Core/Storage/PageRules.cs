namespace TriOps.Core.Storage;

/// <summary>What a <see cref="PageRequest"/> must keep to; it may come from a client.</summary>
public static class PageRules
{
    /// <summary>Largest page.</summary>
    public const int MaxSize = 1000;

    /// <summary>Returns <paramref name="page"/> if it may be asked for.</summary>
    /// <exception cref="InvalidInputException">The size is not 1 to 1000 (code page-size), or continuation or prefix are no keys (code
    /// key-unsafe).</exception>
    public static PageRequest Checked(this PageRequest page)
    {
        if (page.Size is < 1 or > MaxSize)
            throw new InvalidInputException("page-size", $"A page has 1 to {MaxSize} items; {page.Size} were asked for.");
        if (page.Continuation is not null) DocumentKeyRule.Check(page.Continuation, "continuation");
        if (page.RowPrefix is not null) DocumentKeyRule.Check(page.RowPrefix, "row prefix");
        return page;
    }
}
