using System.Buffers.Binary;
using System.Security.Cryptography;

namespace TriOps.Serving.Predictions;

/// <summary>Ids of predictions: UUIDs of version 7 as 32 hexadecimal digits, so that they sort by time.</summary>
/// <remarks>Source: RFC 9562, section 5.7. The system's random numbers are fetched for many ids at once: a call into the kernel costs more
/// than the rest of an id.</remarks>
internal static class PredictionId
{
    private const int RandomBytes = 10, Stock = 256 * RandomBytes;

    [ThreadStatic] private static byte[]? random;
    [ThreadStatic] private static int used;

    /// <summary>A new id.</summary>
    /// <param name="now">Its time, in whole milliseconds.</param>
    public static string New(DateTimeOffset now)
    {
        var bytes = random;
        if (bytes is null || used == Stock)
        {
            bytes = random ??= new byte[Stock];
            RandomNumberGenerator.Fill(bytes);
            used = 0;
        }
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, now.ToUnixTimeMilliseconds() << 16);
        bytes.AsSpan(used, RandomBytes).CopyTo(id[6..]);
        used += RandomBytes;
        id[6] = (byte)(0x70 | (id[6] & 0x0F)); // The version,
        id[8] = (byte)(0x80 | (id[8] & 0x3F)); // and the variant.
        return Convert.ToHexStringLower(id);
    }
}
