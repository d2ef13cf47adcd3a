using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TriOps.Workflows.Tests;

/// <summary>A history without its stack traces: they hold the folders of the machine that recorded it.</summary>
internal static partial class Stackless
{
    /// <summary>The same JSON; stack traces are null, and failures that travel in messages have no details.</summary>
    public static string Of(string history) => Traces().Replace(Failures().Replace(history, Strip), "\"StackTrace\": null");

    private static string Strip(Match match)
    {
        var failure = JsonNode.Parse(Convert.FromBase64String(match.Groups[1].Value))!.AsObject();
        failure.Remove("details");
        return $"[failure {Convert.ToBase64String(Encoding.UTF8.GetBytes(failure.ToJsonString()))}]";
    }

    [GeneratedRegex(@"\[failure ([A-Za-z0-9+/=]+)\]")]
    private static partial Regex Failures();

    [GeneratedRegex("\"StackTrace\": \"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Traces();
}
