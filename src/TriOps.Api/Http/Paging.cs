using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using TriOps.Core;
using TriOps.Core.Storage;

namespace TriOps.Api.Http;

/// <summary>Part of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">Opaque: send it as <c>after</c> for the next part; absent on the last.</param>
public sealed record Listing<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>?size=&amp;after= of a listing.</summary>
/// <param name="Request">For a store.</param>
public sealed record Paging(PageRequest Request)
{
    /// <summary>Reads size (1 to 1000; 100 by default) and after.</summary>
    /// <exception cref="InvalidInputException">They cannot be read (codes size-invalid, after-invalid).</exception>
    public static ValueTask<Paging?> BindAsync(HttpContext context)
    {
        var (size, after) = (context.Request.Query["size"].ToString(), context.Request.Query["after"].ToString());
        var count = 100;
        if (size.Length > 0 && (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > 1000))
            throw new InvalidInputException("size-invalid", $"size '{size}' is not a whole number from 1 to 1000.");
        return ValueTask.FromResult<Paging?>(new(new PageRequest(count, after.Length == 0 ? null : Decode(after))));
    }

    /// <summary>A store's page as an answer.</summary>
    public static Listing<T> List<T>(Page<T> page) =>
        new(page.Items, page.Continuation is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page.Continuation)));

    private static string Decode(string after)
    {
        var bytes = new byte[after.Length];
        if (after.Length <= 2048 && Base64Url.IsValid(after) && Base64Url.TryDecodeFromChars(after, bytes, out var written))
            return Encoding.UTF8.GetString(bytes, 0, written);
        throw new InvalidInputException("after-invalid",
            "'after' is not a position in this list. Send 'next' of the page before, unchanged.");
    }
}
