using System.Diagnostics;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using TriOps.Core.Settings;
using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>What an image holds in /app, built as its Dockerfile says, once for all tests; and the process that its ENTRYPOINT starts
/// there.</summary>
internal sealed class PublishedImage(string dockerfile) : IDisposable
{
    private readonly Lazy<BuildStage> build = new(() => BuildStage.Run(Dockerfile.Read(dockerfile)));

    public string Folder => build.Value.App;

    public Dockerfile File { get; } = Dockerfile.Read(dockerfile);

    /// <summary>The image's files, relative to /app.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f))];

    /// <summary>Bytes of all files.</summary>
    public long Size => Files.Sum(f => new FileInfo(Path.Combine(Folder, f)).Length);

    /// <summary>The shared frameworks that the program wants.</summary>
    public IReadOnlyList<string> Frameworks
    {
        get
        {
            var options =
                JsonDocument.Parse(
                System.IO.File.ReadAllText(
                Path.Combine(Folder,
                Files.Single(f => f.EndsWith(".runtimeconfig.json", StringComparison.Ordinal))))).RootElement.GetProperty("runtimeOptions");
            return options.TryGetProperty("frameworks", out var several) ? [.. several.EnumerateArray().Select(Name)]
                : [Name(options.GetProperty("framework"))];

            static string Name(JsonElement framework) => framework.GetProperty("name").GetString()!;
        }
    }

    /// <summary>Whether an assembly holds machine code.</summary>
    public bool IsReadyToRun(string assembly) => IsReadyToRun(Folder, assembly);

    internal static bool IsReadyToRun(string folder, string assembly)
    {
        using var reader = new PEReader(System.IO.File.OpenRead(Path.Combine(folder, assembly)));
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }

    public void Dispose()
    {
        if (build.IsValueCreated) build.Value.Dispose();
    }

    /// <summary>Starts the image's program as a container would: in its folder, with its entry point and with nothing of this process's
    /// environment but what finds .NET.</summary>
    /// <param name="scope">The storage it is given.</param>
    /// <param name="settings">What else it is given.</param>
    /// <param name="arguments">What follows the entry point.</param>
    public RunningImage Start(StorageScope scope, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var entry = File.Stages[^1].Of("ENTRYPOINT").Single().ExecForm!;
        var start = new ProcessStartInfo(entry[0], [.. entry.Skip(1), .. arguments]) { WorkingDirectory = Folder,
            RedirectStandardOutput = true, RedirectStandardError = true };
        var kept = start.Environment.Where(e => e.Key is "PATH" or "HOME" or "DOTNET_ROOT" or "TMPDIR").ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept) start.Environment[name] = value;
        (start.Environment[SettingNames.Storage], start.Environment[SettingNames.StoragePrefix]) = (scope.ConnectionString, scope.Prefix);
        foreach (var (name, value) in settings) start.Environment[name] = value;
        return new RunningImage(Process.Start(start)!);
    }
}

/// <summary>A program of an image, running.</summary>
internal sealed class RunningImage : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RunningImage(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that it printed.</summary>
    public string Output { get { lock (output) return output.ToString(); } }

    /// <summary>Where it listens, once it says so.</summary>
    public async Task<Uri> ListeningAsync()
    {
        if (await Task.WhenAny(listening.Task, process.WaitForExitAsync()).WaitAsync(Patience) != listening.Task)
            throw new InvalidOperationException($"It ended with {process.ExitCode}:\n{Output}");
        return await listening.Task;
    }

    /// <summary>What a platform does to end a container.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> EndedAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (output) output.AppendLine(line);
        const string says = "listens on ";
        if (line.IndexOf(says, StringComparison.Ordinal) is >= 0 and var at) listening.TrySetResult(new Uri(line[(at + says.Length)..]));
    }
}
