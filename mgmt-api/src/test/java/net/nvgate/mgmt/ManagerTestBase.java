package net.nvgate.mgmt;

import java.nio.file.Path;
import java.util.Set;
import net.nvgate.fabric.config.Security;
import net.nvgate.mgmt.api.StrictContract;
import net.nvgate.mgmt.config.HttpConfig;
import net.nvgate.mgmt.config.ManagerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** One real manager per test class: SQLite in a temporary directory, ports of its own. */
abstract class ManagerTestBase {

    static final int FILE_MIB = 9;

    @TempDir
    static Path state;

    static StrictContract contract;
    static Manager manager;
    static ApiClient api;

    static ManagerConfig config(Path stateDirectory) {
        return ManagerConfig.of(
                HttpConfig.of(null, 0, null, null, null, null, null, Set.of("nvgate.example"), FILE_MIB),
                ManagerConfig.Sync.of(null, 0, Security.NONE, null),
                null,
                stateDirectory,
                null,
                null,
                ManagerConfig.HyperV.of(null, 0));
    }

    @BeforeAll
    static void startManager() throws Exception {
        contract = new StrictContract();
        manager = Manager.start(config(state));
        api = new ApiClient(manager.httpPort(), contract);
    }

    @AfterAll
    static void stopManager() {
        if (manager != null) {
            manager.close();
        }
        contract.close();
    }
}
