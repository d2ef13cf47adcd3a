namespace TriOps.Cli.Api;

/// <summary>The host refused a request and said why.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">The problem's code, or "http-{status}".</param>
/// <param name="message">The problem's detail.</param>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
