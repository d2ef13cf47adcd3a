using TriOps.Benchmarks;

// dotnet run --project tests/Benchmarks -- <benchmark> [options]. One file per benchmark; each prints its figures.
return args.FirstOrDefault() switch
{
    "ingest" => await IngestBenchmark.RunAsync(args[1..]),
    IngestBenchmark.Rounds =>
    await IngestBenchmark.RunRoundsAsync(args[1], args[2], int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture)),
    "predict" when args is [_, "stages"] => await PredictStages.RunAsync(),
    "predict" => await PredictBenchmark.RunAsync(),
    "inference" => await InferenceBenchmark.RunAsync(args[1..]),
    PredictServer.Command => await PredictServer.RunAsync(),
    "engine" => await EngineBenchmark.RunAsync(args[1..]),
    "recovery" => await RecoveryBenchmark.RunAsync(),
    RecoveryBenchmark.Host => await RecoveryBenchmark.HostAsync(args[1]),
    "functions" => await FunctionsBenchmark.RunAsync(args.ElementAtOrDefault(1) ?? Directory.GetCurrentDirectory()),
    "operations" => await OperationsBenchmark.RunAsync(args.ElementAtOrDefault(1) ?? Directory.GetCurrentDirectory()),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        Benchmarks: ingest [megabytes, 1000 by default [rounds, 3]] | predict [stages] | inference [folder of a published server] |
        engine [most steps in a row, 1000 by default] | recovery | functions, operations [the repository, here by default]
        """);
    return 1;
}
