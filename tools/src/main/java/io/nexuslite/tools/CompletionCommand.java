package io.nexuslite.tools;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Prints what a shell needs to complete commands and flags. */
@Command(name = "completion", description = "Print a script that completes commands and flags: source <(nexuslite completion bash)", sortOptions = false)
final class CompletionCommand implements Callable<Integer> {
    /** For which shell. */
    enum Shell {
        bash, zsh
    }

    private final Console console;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell;
    @Mixin
    private CommonFlags common;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (shell == Shell.zsh) {
            console.out().println("autoload -Uz compinit bashcompinit && compinit && bashcompinit");
        }
        console.out().print(AutoComplete.bash("nexuslite", NexusLiteCli.root(console, "")));
        return ExitCode.DONE;
    }
}
