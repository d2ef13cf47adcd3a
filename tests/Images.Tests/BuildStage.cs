using System.Diagnostics;
using System.Text.RegularExpressions;
using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>Carries out the stage "build" of a Dockerfile, for the processor, in a folder of its own: the very files it copies and commands
/// it runs, without Docker. Absolute paths are meant inside the folder.</summary>
internal sealed class BuildStage : IDisposable
{
    private readonly string root = TempFolders.Create("image");
    private string workFolder = "/";

    /// <summary>Where the image's /app comes from.</summary>
    public string App => Inside("/app");

    /// <exception cref="InvalidOperationException">A command failed.</exception>
    public static BuildStage Run(Dockerfile file)
    {
        var stage = new BuildStage();
        foreach (var instruction in file.Named("build").Instructions)
        {
            if (instruction.Word == "WORKDIR") stage.workFolder = instruction.Text;
            else if (instruction.Word == "COPY") stage.Copy(instruction.Arguments);
            else if (instruction.Word == "RUN") stage.Execute($"{file.Path}:{instruction.Line}", instruction.Text);
            else if (instruction is not { Word: "ARG", Text: "GPU" }) throw new InvalidOperationException(
                $"{file.Path}:{instruction.Line}: {instruction.Word} is not understood here.");
        }
        return stage;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void Copy(IReadOnlyList<string> arguments)
    {
        var to = Path.Combine(Inside(workFolder), arguments[^1]);
        foreach (var source in arguments.SkipLast(1).Select(s => s.TrimEnd('/')))
            foreach (var file in Repository.Files.Where(f => (f == source || f.StartsWith(source + "/", StringComparison.Ordinal))
                && DockerIgnore.OfRepository.Passes(f)))
            {
                // A folder's contents, not the folder.
                var path = Path.Combine(to, file == source ? Path.GetFileName(file) : file[(source.Length + 1)..]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Copy(Path.Combine(Repository.Root, file), path, overwrite: true);
            }
    }

    private void Execute(string place, string command)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = Inside(workFolder), RedirectStandardOutput = true };
        start.ArgumentList.Add("-ec");
        start.ArgumentList.Add("exec 2>&1; " + Regex.Replace(command, "(?<=^|\\s)/(?=\\w)", root + "/"));
        (start.Environment["GPU"], start.Environment["MSBUILDDISABLENODEREUSE"]) = ("false", "1");
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{place} ended with {process.ExitCode}:\n{output}");
    }

    private string Inside(string path) => Path.Combine(root, path.TrimStart('/'));
}
