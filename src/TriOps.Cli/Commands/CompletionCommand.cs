using System.CommandLine;
using TriOps.Cli.CommandLine;

namespace TriOps.Cli.Commands;

/// <summary>Prints a completion script. The scripts ask triops itself, through System.CommandLine's [suggest] directive, so they never fall
/// behind.</summary>
internal static class CompletionCommand
{
    private static readonly Argument<string> Kind = new("shell") { Description = "bash, zsh, fish or pwsh." };

    static CompletionCommand() => Kind.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _triops() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(triops "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _triops triops
            """,
        ["zsh"] = """
            #compdef triops
            _triops() {
                local -a found
                found=("${(@f)$(triops "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                (( ${#found} )) && [[ -n "${found[1]}" ]] && compadd -- "${found[@]}" || _files
            }
            compdef _triops triops
            """,
        ["fish"] = """
            complete -c triops -a '(triops "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName triops -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                triops "[suggest:$cursorPosition]" "$commandAst" 2>$null | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Create(Shell shell) => new Command("completion", "Print a script that completes triops in your shell.") { Kind }
        .With([Exit.Ok, Exit.Usage], "triops completion bash > ~/.local/share/bash-completion/completions/triops",
        "triops completion fish | source")
        .Does(shell, (call, ct) =>
        {
            var kind = call.Get(Kind);
            if (call.Json) call.Screen.Result(new { shell = kind, script = Scripts[kind] });
            else shell.Out.WriteLine(Scripts[kind]);
            return Task.FromResult(Exit.Ok);
        });
}
