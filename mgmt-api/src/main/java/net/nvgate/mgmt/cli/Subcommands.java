package net.nvgate.mgmt.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;

/**
 * The subcommands that have a class. A command line gets only the one that it names: looking through all of them takes most of
 * the time of a start.
 */
final class Subcommands {

    /** By name, in the order of help. */
    static final Map<String, Class<?>> CLASSES = classes();

    private Subcommands() {}

    private static Map<String, Class<?>> classes() {
        Map<String, Class<?>> classes = new LinkedHashMap<>();
        classes.put("login", LoginCommands.Login.class);
        classes.put("logout", LoginCommands.Logout.class);
        classes.put("join-token", IdentityCommands.JoinToken.class);
        classes.put("identity", IdentityCommands.Identity.class);
        classes.put("ca", IdentityCommands.Ca.class);
        classes.put("import", ImportCommand.class);
        classes.put("export-host", ExportHostCommand.class);
        classes.put("host-script", HostScriptCommand.class);
        classes.put("gateways", GatewaysCommand.class);
        classes.put("followers", FollowersCommand.class);
        classes.put("wait", WaitCommand.class);
        classes.put("sessions", SessionsCommand.class);
        classes.put("top", TopCommand.class);
        classes.put("acl-hits", AclHitsCommand.class);
        classes.put("trace", TraceCommand.class);
        classes.put("capture", CaptureCommand.class);
        classes.put("get", GetCommand.class);
        classes.put("watch", WatchCommand.class);
        classes.put("support-bundle", SupportBundleCommand.class);
        classes.put("completion", CompletionCommand.class);
        return classes;
    }

    /** As much of the command as the arguments need: all of it for help and completion, and if they name no subcommand. */
    static CommandLine line(Object root, String... args) {
        CommandLine line = new CommandLine(root);
        String first = args.length == 0 ? "" : args[0];
        if (line.getSubcommands().containsKey(first) || (args.length == 1 && isVersion(first))) {
            return line;
        }
        Class<?> one = CLASSES.get(first);
        if (one != null && one != CompletionCommand.class) {
            return line.addSubcommand(one);
        }
        CLASSES.values().forEach(line::addSubcommand);
        return line;
    }

    private static boolean isVersion(String argument) {
        return argument.equals("--version") || argument.equals("-V");
    }
}
