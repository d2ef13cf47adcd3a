using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using TriOps.Storage;
using TriOps.Telemetry;
using TriOps.Trainer;
using TriOps.Trainer.Jobs;

// TriOps.Trainer --job <id> --attempt <n>, with the storage in TRIOPS_STORAGE.
// Exit 0: the job has an end · 2: wrong arguments or settings · 3: asked to stop, resumes in the next attempt · anything else: it crashed, and counts as lost.
if (args is not ["--job", { Length: > 0 } job, "--attempt", var text] || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var attempt) || attempt < 1)
{
    await Console.Error.WriteLineAsync("Usage: TriOps.Trainer --job <id> --attempt <n from 1>, with the storage's connection string or account name in TRIOPS_STORAGE.");
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var services = new ServiceCollection()
        .AddLogging(logging => logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss ")))
        .AddTriOpsStorage(StorageOptions.FromEnvironment()).AddTriOpsCore().AddTriOpsTrainer()
        .AddTriOpsTelemetry("triops-trainer", Environment.GetEnvironmentVariable)
        .BuildServiceProvider();
    // Nothing asks for these two: they collect from when they are made, and send what is left when the services are disposed of.
    _ = (services.GetService<TracerProvider>(), services.GetService<MeterProvider>());
    return await services.GetRequiredService<JobRunner>().RunAsync(job, attempt, stop.Token) is null ? 3 : 0;
}
catch (InvalidInputException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true; // The fit saves a checkpoint first.
    stop.Cancel();
}
