using TriOps.Cli.Host;

namespace TriOps.Cli.Tests.Host;

public sealed class LogTailTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("triops-log-").FullName;

    [Fact]
    public void Add_OnceQuiet_TellsErrorsOnlyAndKeepsAll()
    {
        var (lines, trouble) = (new List<string>(), new List<string>());
        var file = Path.Combine(folder, "log");
        using (var log = new LogTail(file, lines.Add, trouble.Add))
        {
            log.Add("starting");
            log.BeQuiet();
            log.Add("12:00:00 info: TriOps.Triggers[0] fail: is a word here");
            log.Add("12:00:01 fail: TriOps.DiskWatch[0] The disk has 3 MiB left");
        }

        Assert.Equal(["starting"], lines);
        Assert.Equal(["12:00:01 fail: TriOps.DiskWatch[0] The disk has 3 MiB left"], trouble);
        Assert.Equal(3, File.ReadAllLines(file).Length);
    }

    [Fact]
    public void Add_NoRoomForTheFile_KeepsTheLastLinesAtHand()
    {
        if (!File.Exists("/dev/full")) return; // Linux: every write there fails with ENOSPC
        using var log = new LogTail("/dev/full");

        log.Add("the last words");

        Assert.Equal(["the last words"], log.Lines);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
