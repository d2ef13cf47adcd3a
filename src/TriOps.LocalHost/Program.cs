using TriOps.Api.Security;
using TriOps.Core;
using TriOps.Core.Settings;
using TriOps.LocalHost.Hosting;

// The development host: Azurite, triggers, workflows, trainers, serving, API and pages in one process, for one machine. --help says how.
if (args is ["--help" or "-h" or "-?"])
{
    Console.WriteLine(HostArguments.Usage);
    return 0;
}
try
{
    var arguments = HostArguments.Parse(args);
    var guard = RequestGuard.For(arguments.Address, Environment.GetEnvironmentVariable(SettingNames.ApiKey),
        Environment.GetEnvironmentVariable(SettingNames.Keys));
    using var state = StateFolder.Take(arguments.State);
    await using var storage = await LocalStorage.StartAsync(arguments, state, CancellationToken.None);
    await using var app = HostApp.Build(arguments, state, storage, guard);
    await HostApp.RunAsync(app, state, storage);
    return 0;
}
catch (TriOpsException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e.Code == "arguments-invalid" ? 2 : 1;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"The host cannot use its folder: {e.Message} Free some space, or choose another with --state.");
    return 1;
}
