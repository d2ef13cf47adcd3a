using Microsoft.Extensions.Options;
using TriOps.Api.Security;
using TriOps.KillableHost;
using TriOps.LocalHost.Engine;
using TriOps.LocalHost.Hosting;


// The local host, composed as it is, that kills itself at the points named in TRIOPS_TEST_KILL. For tests.
var arguments = HostArguments.Parse(args);
using var state = StateFolder.Take(arguments.State);
await using var storage = await LocalStorage.StartAsync(arguments, state, CancellationToken.None);
await using var app = HostApp.Build(arguments, state, storage, RequestGuard.For(arguments.Address, null));
var points = new KillPoints(Environment.GetEnvironmentVariable("TRIOPS_TEST_KILL"), Path.Combine(arguments.State, "killed-at"));
app.Services.GetRequiredService<IOptions<EngineOptions>>().Value.Reached = points.Reach;
await HostApp.RunAsync(app, state, storage);
