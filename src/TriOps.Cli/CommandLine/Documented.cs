using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TriOps.Cli.CommandLine;

/// <summary>What a help text ends with: an example and the exit codes.</summary>
internal sealed record CommandNotes(IReadOnlyList<string> Examples, IReadOnlyList<int> ExitCodes);

/// <summary>Adds the notes to a command.</summary>
internal static class Documented
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Command, CommandNotes> Notes = [];

    /// <summary>Sets what the command's help ends with.</summary>
    public static T With<T>(this T command, int[] exitCodes, params string[] examples) where T : Command
    {
        Notes.AddOrUpdate(command, new(examples, exitCodes));
        return command;
    }

    /// <summary>The notes of a command, or null.</summary>
    public static CommandNotes? NotesOf(Command command) => Notes.TryGetValue(command, out var notes) ? notes : null;

    /// <summary>Makes --help print the notes after the standard text.</summary>
    public static void Install(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        foreach (var foreign in (string[])["/h", "/?"]) help.Aliases.Remove(foreign); // a path elsewhere than on Windows
        help.Action = new HelpWithNotes((HelpAction)help.Action!);
    }

    private sealed class HelpWithNotes(HelpAction standard) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = standard.Invoke(parseResult);
            if (NotesOf(parseResult.CommandResult.Command) is not { } notes) return code;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine(notes.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in notes.Examples) output.WriteLine($"  {example}");
            output.WriteLine();
            output.WriteLine(Exit.Describe(notes.ExitCodes));
            return code;
        }
    }
}
