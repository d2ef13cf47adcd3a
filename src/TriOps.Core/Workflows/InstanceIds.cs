using System.Text;
using TriOps.Core.Content;

namespace TriOps.Core.Workflows;

/// <summary>What the makers of instance ids share.</summary>
public static class InstanceIds
{
    /// <summary>Longest id an engine takes, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>A name of at most <paramref name="length"/> characters that still tells names apart: a long one ends in '-' and 8 digits of its hash.</summary>
    /// <param name="name">Of any length.</param>
    /// <param name="length">At least 10.</param>
    public static string Shorten(string name, int length) =>
        name.Length <= length ? name : $"{name[..(length - 9)]}-{ContentId.OfBytes(Encoding.UTF8.GetBytes(name)).Hex[..8]}";
}
