using TriOps.Core;
using TriOps.Inference;

// The inference server: predictions over HTTP for as many requests as one process can take. --help says how it is set up.
// Exit 0: it was asked to end, and did in order · 1: the port is taken, or a probe found no server · 2: wrong arguments or settings.
try
{
    switch (args)
    {
        case ["--help" or "-h" or "-?"]:
            Console.WriteLine(InferenceSettings.Usage);
            return 0;
        case ["--probe", .. var rest]:
            return await Probe.RunAsync(InferenceSettings.PortOf(rest, Environment.GetEnvironmentVariable));
    }
    await using var app = InferenceApp.Build(InferenceSettings.Read(args, Environment.GetEnvironmentVariable));
    await app.StartAsync();
    Console.WriteLine($"TriOps.Inference listens on {app.Urls.First()}");
    await app.WaitForShutdownAsync();
    return 0;
}
catch (TriOpsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (IOException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
