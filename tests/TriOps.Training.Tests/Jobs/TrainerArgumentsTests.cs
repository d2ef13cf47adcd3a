using TriOps.Core;
using TriOps.Trainer;

namespace TriOps.Training.Tests.Jobs;

public sealed class TrainerArgumentsTests
{
    [Fact]
    public void Read_CommandLine_IsTakenBeforeTheEnvironment() =>
        Assert.Equal(new TrainerArguments("a", 2), TrainerArguments.Read(["--job", "a", "--attempt", "2"], Environment("b", "3")));

    [Fact]
    public void Read_NoCommandLine_TakesTheEnvironment() =>
        Assert.Equal(new TrainerArguments("b", 3), TrainerArguments.Read([], Environment("b", "3")));

    [Theory]
    [InlineData("", "b", null)]
    [InlineData("", null, "1")]
    [InlineData("", "b", "0")]
    [InlineData("", "b", "1.5")]
    [InlineData("", "", "1")]
    [InlineData("--job a", "b", "3")]
    [InlineData("--job a --attempt -1", "b", "3")]
    [InlineData("--attempt 1 --job a", "b", "3")]
    public void Read_NotInFull_IsRefused(string arguments, string? job, string? attempt)
    {
        var e = Assert.Throws<InvalidInputException>(
            () => TrainerArguments.Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), Environment(job, attempt)));
        Assert.Contains("TRIOPS_JOB", e.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Environment(string? job, string? attempt) => name =>
        name switch { "TRIOPS_JOB" => job, "TRIOPS_ATTEMPT" => attempt, _ => null };
}
