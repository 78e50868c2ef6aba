package net.nvgate.mgmt.docs;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** The page of the {@code nvgate} command, made of what {@code --help} says. */
final class CommandReference {

    private CommandReference() {}

    static String page(CommandLine nvgate) {
        StringBuilder out = new StringBuilder("""
                # The nvgate command

                Generated from what `nvgate --help` and `nvgate COMMAND --help` say. Where the manager is, and who asks: `--url` or `NVGATE_URL`, `--ca` or `NVGATE_CA`,
                `nvgate login` or `NVGATE_TOKEN` ([access](../access.md)). In a clone of the repository it is `appliance-image/nvgate`.

                """);
        usage(out, nvgate);
        commands(out, nvgate, "nvgate");
        return out.toString();
    }

    private static void commands(StringBuilder out, CommandLine of, String name) {
        for (Map.Entry<String, CommandLine> sub : of.getSubcommands().entrySet()) {
            String whole = name + " " + sub.getKey();
            out.append("\n## ").append(whole).append("\n\n");
            usage(out, sub.getValue());
            commands(out, sub.getValue(), whole);
        }
    }

    private static void usage(StringBuilder out, CommandLine command) {
        command.setUsageHelpWidth(120);
        out.append("```text\n")
                .append(command.getUsageMessage(Help.Ansi.OFF)
                        .replaceAll("[ \\t]+(?=\\R)", "")
                        .strip())
                .append("\n```\n");
    }
}
