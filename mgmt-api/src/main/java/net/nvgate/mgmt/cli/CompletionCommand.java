package net.nvgate.mgmt.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What bash and zsh need to complete commands and options. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that completes commands and options in bash and zsh.",
        footer = "%nsource <(nvgate completion)")
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.root()
                .commandLine()
                .getOut()
                .println(AutoComplete.bash("nvgate", spec.root().commandLine()));
        return 0;
    }
}
