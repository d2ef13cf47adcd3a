using System.Text;
using Microsoft.AspNetCore.Http;
using TriOps.Core;

namespace TriOps.Api.Http;

/// <summary>A body that is text.</summary>
internal static class TextBody
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole body as UTF-8.</summary>
    /// <exception cref="InvalidInputException">It is not UTF-8 (code text-invalid).</exception>
    public static async Task<string> ReadAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        try { return Strict.GetString(buffer.GetBuffer(), 0, (int)buffer.Length).TrimStart('\uFEFF'); }
        catch (DecoderFallbackException e)
        {
            throw new InvalidInputException("text-invalid", "The body is not UTF-8 text. Save the file as UTF-8 and send it again.", e);
        }
    }
}
