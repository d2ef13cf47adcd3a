using Microsoft.Extensions.Logging.Abstractions;
using TriOps.Core.Compute;
using TriOps.Core.Content;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Storage;
using TriOps.Testing.Fakes;

namespace TriOps.Compute.Tests;

/// <summary>Container Apps jobs over the fake: each <see cref="Process"/> is another process over the same storage.</summary>
internal sealed class ArmBench : IAsyncDisposable
{
    public const string Id = "train-demo-diagnosis-v1-t00";
    private readonly List<IDisposable> held = [];

    private ArmBench(TimeProvider time, FakeArm arm, IBlobs blobs) =>
        (Time, Arm, Credential, Blobs) = (time, arm, new FakeCredential(time), blobs);

    public TimeProvider Time { get; }
    public FakeArm Arm { get; }
    public FakeCredential Credential { get; }
    public IBlobs Blobs { get; }

    public static async Task<ArmBench> StartAsync(TimeProvider time, string? profile = null)
    {
        var bench = await OverAsync(time, new MemoryBlobs());
        var spec =
            new JobSpec(Id, new TrialWork("run", 0, ContentId.OfBytes("plan"u8), ModelFamily.Linear, new Dictionary<string, double>(), 7),
            TimeSpan.FromMinutes(5), profile: profile is null ? null : ProfileName.Parse(profile));
        await bench.Blobs.WriteJsonAsync(JobPaths.Spec(Id), spec, WriteMode.Replace, default);
        return bench;
    }

    public static async Task<ArmBench> OverAsync(TimeProvider time, IBlobs blobs) => new(time, await FakeArm.StartAsync(time), blobs);

    public IComputeTarget Process(int seed = 1, TimeSpan? timeout = null, string? profiles = null)
    {
        var options =
            new ContainerAppsOptions(
            ComputeProfiles.Parse(profiles ?? $$"""{ "cpu": { "job": "{{FakeArm.Job}}", "pricePerHour": 0.36, "currency": "USD" } }""")) {
            Endpoint = Arm.Endpoint };
        var http = ArmCalls.NewClient();
        http.Timeout = timeout ?? TimeSpan.FromSeconds(30);
        var tokens = new ArmToken(Credential, Time);
        held.AddRange([http, tokens]);
        var calls = new ArmCalls(http, tokens, options, Time, new Random(seed), NullLogger<ArmCalls>.Instance);
        return new ContainerAppsJobs(options, new JobExecutions(calls, NullLogger<JobExecutions>.Instance), Blobs, Time,
            NullLogger<ContainerAppsJobs>.Instance);
    }

    public Task Beat(int attempt, DateTimeOffset at) =>
        Blobs.WriteJsonAsync(JobPaths.Heartbeat(Id), new JobHeartbeat(attempt, at, "fitting", 0.5), WriteMode.Replace, default);

    public async ValueTask DisposeAsync()
    {
        held.ForEach(h => h.Dispose());
        await Arm.DisposeAsync();
    }
}
