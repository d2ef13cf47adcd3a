using TriOps.Core;

namespace TriOps.LocalHost.Hosting;

/// <summary> Keeps a reserve on the disk that the emulator writes to, for an Azurite without room answers 500 and forgets at its end what
/// it could not save. Below the reserve steps of workflows wait, changes over HTTP are refused (507, code disk-full), and reading goes on;
/// when there is room again, so does the work.
/// </summary>
public sealed class DiskWatch : BackgroundService
{
    /// <summary>Bytes that stay free: the emulator's indexes are written anew beside the old ones.</summary>
    public const long Reserve = 64 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string folder;
    private readonly Func<long> free;
    private readonly TimeProvider time;
    private readonly ILogger<DiskWatch> log;
    private volatile TaskCompletionSource? room;

    /// <summary>Watches the disk of a folder.</summary>
    /// <param name="folder">The emulator's.</param>
    /// <param name="free">Bytes free there.</param>
    /// <param name="time">When to look: every second.</param>
    /// <param name="log">Told when there is no room, and when there is again.</param>
    public DiskWatch(string folder, Func<long> free, TimeProvider time, ILogger<DiskWatch> log) =>
        (this.folder, this.free, this.time, this.log) = (folder, free, time, log);

    /// <summary>Bytes free on the disk of a folder.</summary>
    public static long FreeAt(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Refuses to begin on a full disk.</summary>
    /// <exception cref="TriOpsException">Less than the reserve is free (code disk-full).</exception>
    public static void Demand(string folder, long free)
    {
        if (free < Reserve) throw new TriOpsException("disk-full", Message(folder, free));
    }

    /// <summary>Completes when there is room, which is at once as long as there is.</summary>
    public Task WaitAsync(CancellationToken ct) => room is { } wait ? wait.Task.WaitAsync(ct) : Task.CompletedTask;

    /// <summary>The middleware.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        room is null || HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)
            ? next(context)
            : Results.Problem(Message(folder, free()), statusCode: 507, title: "Insufficient storage",
            extensions: new Dictionary<string, object?> { ["code"] = "disk-full" }).ExecuteAsync(context);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, time);
        try
        {
            do Look(free());
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) { /* The host ends. */ }
    }

    private void Look(long bytes)
    {
        if (bytes < Reserve && room is null)
        {
            room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            log.LogError("{Message}", Message(folder, bytes));
        }
        else if (bytes >= Reserve && room is { } waiting)
        {
            room = null;
            waiting.SetResult();
            log.LogWarning("The disk of {Folder} has room again: work goes on", folder);
        }
    }

    private static string Message(string folder, long free) =>
        $"The disk of {folder} has {free >> 20} MiB left; {Reserve >> 20} MiB must stay free. Nothing is lost, but workflows wait and "
            + $"changes are refused until there is room: delete or move something.";
}
