using System.Globalization;
using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Trainer;

/// <summary>Which attempt of which job: from the command line, or from the environment, as a container's execution says it.</summary>
/// <param name="Job">Its id.</param>
/// <param name="Attempt">From 1.</param>
internal sealed record TrainerArguments(string Job, int Attempt)
{
    private const string Usage = $"Usage: TriOps.Trainer --job <id> --attempt <n from 1>, or the same in {SettingNames.Job} and "
        + $"{SettingNames.Attempt}; with the storage's connection string or account name in {SettingNames.Storage}.";

    /// <summary>The command line's, if it says anything; else the environment's.</summary>
    /// <exception cref="InvalidInputException">Neither says it in full (code trainer-arguments).</exception>
    public static TrainerArguments Read(IReadOnlyList<string> arguments, Func<string, string?> setting)
    {
        var (job, attempt) = arguments switch
        {
            ["--job", var id, "--attempt", var number] => (id, number),
            [] => (setting(SettingNames.Job), setting(SettingNames.Attempt)),
            _ => (null, null),
        };
        return job is { Length: > 0 } && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && known >= 1
            ? new(job, known) : throw new InvalidInputException("trainer-arguments", Usage);
    }
}
