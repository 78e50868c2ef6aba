package net.nvgate.mgmt;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.store.RestoreTarget;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.fabric.store.StoreSource;
import net.nvgate.fabric.store.backup.BackupFile;
import net.nvgate.fabric.store.backup.MoveJournal;
import net.nvgate.fabric.store.backup.StoreTransfer;
import net.nvgate.mgmt.config.ManagerConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Subcommands of the manager that look after its store. Each says on one line what it did, or why not. */
final class StoreCommands {

    private StoreCommands() {}

    /** 0 if it was done, 1 if not, 2 if the configuration is wrong. */
    private static int run(CommandSpec spec, Supplier<String> work) {
        try {
            spec.commandLine().getOut().println(work.get());
            return CommandLine.ExitCode.OK;
        } catch (ConfigException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (StoreException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static String told(BackupFile.Summary summary) {
        return "fabric " + summary.fabricId() + ", revision " + summary.revision() + ", " + summary.objects()
                + " objects, log since " + summary.compacted() + ", sha256 " + summary.sha256();
    }

    @Command(
            name = "backup",
            mixinStandardHelpOptions = true,
            description = "Writes the store to a file, as of one revision; managers may go on meanwhile.")
    static final class Backup implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(names = "--config", paramLabel = "FILE", required = true, description = "manager.yaml")
        private Path config = Path.of("manager.yaml");

        @Parameters(paramLabel = "BACKUP", description = "the file to write")
        private Path file = Path.of("backup");

        @Override
        public Integer call() {
            return run(spec, () -> {
                try (StoreSource source =
                        Stores.place(ManagerConfig.read(config)).shared()) {
                    return "written: " + told(BackupFile.write(source, file));
                }
            });
        }
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Reads a backup from start to end and says whether it can be restored.")
    static final class Verify implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "BACKUP", description = "the file to read")
        private Path file = Path.of("backup");

        @Override
        public Integer call() {
            return run(spec, () -> "good: " + told(new BackupFile(file).verify()));
        }
    }

    @Command(
            name = "restore",
            mixinStandardHelpOptions = true,
            description =
                    "Makes the store that the configuration names what a backup has. No manager may use it meanwhile.")
    static final class Restore implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(names = "--config", paramLabel = "FILE", required = true, description = "manager.yaml")
        private Path config = Path.of("manager.yaml");

        @Option(names = "--replace", description = "even if the store has something in it")
        private boolean replace;

        @Parameters(paramLabel = "BACKUP", description = "the file to read")
        private Path file = Path.of("backup");

        @Override
        public Integer call() {
            return run(spec, () -> {
                ManagerConfig settings = ManagerConfig.read(config);
                BackupFile backup = new BackupFile(file);
                backup.verify();
                try (RestoreTarget target = Stores.place(settings).target(replace)) {
                    return "restored to " + target.describe() + ": " + told(StoreTransfer.restore(backup, target));
                }
            });
        }
    }

    @Command(
            name = "move-store",
            mixinStandardHelpOptions = true,
            description = {
                "Moves the store of a stopped manager (a running one: POST /api/v1/store/move) from where one configuration says to where another one says: same fabric, revisions and"
                        + " log, so that gateways go on by deltas.",
                "The old store is fenced: no manager writes to it any more. Then start the manager with the other"
                        + " configuration."
            })
    static final class Move implements Callable<Integer> {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--from",
                paramLabel = "FILE",
                required = true,
                description = "manager.yaml of the present store")
        private Path from = Path.of("manager.yaml");

        @Option(names = "--to", paramLabel = "FILE", required = true, description = "manager.yaml of the other store")
        private Path to = Path.of("manager.yaml");

        @Option(names = "--replace", description = "even if the other store has something in it")
        private boolean replace;

        @Override
        public Integer call() {
            return run(spec, () -> {
                ManagerConfig there = ManagerConfig.read(to);
                try (StoreSource source = Stores.place(ManagerConfig.read(from)).exclusive();
                        RestoreTarget target = Stores.place(there).target(replace)) {
                    String moved = told(StoreTransfer.move(source, target, Instant.now()));
                    // What a running manager may have noted before.
                    new MoveJournal(there.stateDirectory()).clear();
                    return "moved to " + target.describe() + ": " + moved;
                }
            });
        }
    }
}
