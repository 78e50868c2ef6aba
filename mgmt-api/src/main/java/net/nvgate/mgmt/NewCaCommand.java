package net.nvgate.mgmt;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.identity.ManagerIdentity;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.mgmt.config.ManagerConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** For a fabric whose seal key is lost, or in the wrong hands. */
@Command(
        name = "new-ca",
        mixinStandardHelpOptions = true,
        description = {
            "Forgets the fabric's CAs and all identities, with every manager stopped. The next manager that starts makes a new CA",
            "(and a seal key, if it has none); every gateway and host must join again by a token."
        })
final class NewCaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "manager.yaml")
    private Path config = Path.of("manager.yaml");

    @Override
    public Integer call() {
        try {
            ManagerConfig settings = ManagerConfig.read(config);
            try (FabricStore store =
                    Stores.place(settings).open(settings.store().historyRevisions(), Clock.systemUTC())) {
                int forgotten = ManagerIdentity.forgetAll(store);
                spec.commandLine().getOut().println("forgotten: " + forgotten + " CAs, identities and join tokens");
            }
            return CommandLine.ExitCode.OK;
        } catch (ConfigException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return CommandLine.ExitCode.USAGE;
        } catch (StoreException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
