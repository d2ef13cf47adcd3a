using System.CommandLine;
using TriOps.Cli.Api;
using TriOps.Core;

namespace TriOps.Cli.CommandLine;

/// <summary>Runs a command's body and turns what it throws into a message and an exit code.</summary>
internal static class Actions
{
    /// <summary>Sets the command's body.</summary>
    public static T Does<T>(this T command, Shell shell, Func<Call, CancellationToken, Task<int>> body) where T : Command
    {
        command.SetAction((parsed, ct) => RunAsync(shell, parsed, body, ct));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, ParseResult parsed, Func<Call, CancellationToken, Task<int>> body,
        CancellationToken ct)
    {
        using var call = new Call(shell, parsed);
        try { return await body(call, ct); }
        catch (OperationCanceledException) when (ct.IsCancellationRequested) { return Exit.Interrupted; }
        catch (Exception e) when (Explain(e) is { } known)
        {
            call.Screen.Failure(known);
            return known.ExitCode;
        }
    }

    /// <summary>The exit code and message of an expected failure; null for a fault in the program itself.</summary>
    public static CliException? Explain(Exception e) => e switch
    {
        CliException cli => cli,
        ApiException { Code: "upload-refused" } api => new(Exit.Error, api.Code, api.Message),
        ApiException { Status: 401 } api => new(Exit.NotAllowed, api.Code, $"{api.Message} Set TRIOPS_API_KEY to a key the host accepts."),
        ApiException { Status: 403 } api => new(Exit.NotAllowed, api.Code, api.Message),
        ApiException { Status: 404 } api => new(Exit.NotFound, api.Code, api.Message),
        ApiException { Code: "model-rejected" or "dataset-version-quarantined" } api => new(Exit.Refused, api.Code, api.Message),
        ApiException api => new(Exit.Error, api.Code, api.Message),
        NotFoundException core => new(Exit.NotFound, core.Code, core.Message),
        TriOpsException core => new(Exit.Error, core.Code, core.Message),
        HttpRequestException http =>
        new(Exit.Unreachable, "host-unreachable",
        $"The host does not answer: {http.Message.TrimEnd('.')}. Start it with 'triops up', or check --url."),
        TaskCanceledException { InnerException: TimeoutException } =>
        new(Exit.Unreachable, "host-timeout", "The host took longer than 100 seconds to answer. 'triops doctor' looks for the cause."),
        IOException or UnauthorizedAccessException => new(Exit.Error, "file-error", e.Message),
        _ => null,
    };
}
