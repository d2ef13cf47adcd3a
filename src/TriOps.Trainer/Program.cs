using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TriOps.Core;
using TriOps.Data;
using TriOps.Storage;
using TriOps.Telemetry;
using TriOps.Trainer;
using TriOps.Trainer.Jobs;

// TriOps.Trainer --job <id> --attempt <n>, or the same in TRIOPS_JOB and TRIOPS_ATTEMPT; with the storage in TRIOPS_STORAGE. Exit 0: the
// job has an end · 2: wrong arguments or settings · 3: asked to stop, resumes in the next attempt · anything else: it crashed, and counts
// as lost.
const int Asked = 3;
var lastWord = TimeSpan.FromSeconds(20); // Container Apps kills 30 s after it has asked.
using var stop = new CancellationTokenSource();
using var leave = new Timer(_ => Environment.Exit(Asked));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var (job, attempt) = TrainerArguments.Read(args, Environment.GetEnvironmentVariable);
    await using var services = new ServiceCollection()
        .AddLogging(logging => logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")))
        .AddTriOpsStorage(StorageOptions.FromEnvironment()).AddTriOpsCore().AddTriOpsData().AddTriOpsTrainer()
        .AddTriOpsTelemetry("triops-trainer", Environment.GetEnvironmentVariable)
        .BuildServiceProvider();
    // Nothing asks for these two: they collect from when they are made, and send what is left when the services are disposed of.
    _ = (services.GetService<TracerProvider>(), services.GetService<MeterProvider>());
    return await services.GetRequiredService<JobRunner>().RunAsync(job, attempt, stop.Token) is null ? Asked : 0;
}
catch (InvalidInputException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // The fit saves a checkpoint first.
    leave.Change(lastWord, Timeout.InfiniteTimeSpan);
    stop.Cancel();
}
