using System.Text;
using TriOps.Core.Content;

namespace TriOps.Core.Workflows;

/// <summary>What an instance id may be, and what the makers of ids share.</summary>
public static class InstanceIds
{
    /// <summary>Longest id an engine takes, in characters.</summary>
    public const int MaxLength = 100;

    /// <summary>Refuses an id that an engine could not store or a route could not name.</summary>
    /// <exception cref="InvalidInputException">Not 1 to 100 characters, or one of them is not allowed (code
    /// workflow-id-invalid).</exception>
    public static void Check(string id)
    {
        if (id is not { Length: >= 1 and <= MaxLength } || id[0] == '@' || id.Any(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c)))
            throw new InvalidInputException("workflow-id-invalid",
                $"'{id}' is not a workflow id: 1 to {MaxLength} characters, no '/', '\\', '#', '?', control characters or leading '@'.");
    }

    /// <summary>A name of at most <paramref name="length"/> characters that still tells names apart: a long one ends in '-' and 8 digits of
    /// its hash.</summary>
    /// <param name="name">Of any length.</param>
    /// <param name="length">At least 10.</param>
    public static string Shorten(string name, int length) =>
        name.Length <= length ? name : $"{name[..(length - 9)]}-{ContentId.OfBytes(Encoding.UTF8.GetBytes(name)).Hex[..8]}";
}
