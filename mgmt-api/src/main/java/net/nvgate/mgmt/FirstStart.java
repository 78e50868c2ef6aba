package net.nvgate.mgmt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import net.nvgate.fabric.file.FabricFiles;
import net.nvgate.fabric.file.FileException;
import net.nvgate.fabric.file.FileOptions;
import net.nvgate.fabric.file.FilePlan;
import net.nvgate.fabric.identity.IdentityAdministration;
import net.nvgate.fabric.manager.FabricException;
import net.nvgate.fabric.manager.FabricManager;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.StoreException;
import net.nvgate.mgmt.config.FirstStartConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fabric and join token of a machine that sets itself up: no second start of the manager, no API that is open meanwhile. What
 * cannot be done is told in the log; the manager serves all the same, so that people can see to it. It is tried again at the next
 * start, but for a file that was refused: later it would come over what people have changed meanwhile.
 */
final class FirstStart {

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
    private static final Origin ORIGIN = new Origin("first-start", "");
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private FirstStart() {}

    static void run(
            FirstStartConfig config, FabricManager fabric, FabricFiles files, IdentityAdministration identities) {
        config.fabricFile().filter(Files::exists).ifPresent(file -> apply(file, fabric, files));
        config.gateway().ifPresent(name -> config.joinTokenFile().ifPresent(file -> token(name, file, identities)));
    }

    /** Applied twice it changes nothing: whoever pulls the plug before the file has its new name does no harm. */
    private static void apply(Path file, FabricManager fabric, FabricFiles files) {
        try {
            FilePlan done = files.apply(fabric.as(ORIGIN), Files.readString(file), new FileOptions(false, false));
            rename(file, ".applied");
            LOG.info("{} is applied: {} objects", file, done.steps().size());
        } catch (FileException e) {
            LOG.error("{} is not applied: {}", file, e.getMessage());
            if (!unavailable(e)) {
                disarm(file);
            }
        } catch (IOException e) {
            LOG.error("{} is not applied: {}", file, e.toString());
        }
    }

    private static boolean unavailable(FileException e) {
        return e.refusal()
                .filter(refusal -> refusal.code() == FabricException.Code.STORE_UNAVAILABLE)
                .isPresent();
    }

    private static void disarm(Path file) {
        try {
            rename(file, ".refused");
        } catch (IOException e) {
            LOG.error("{} is tried again at the next start: it cannot be renamed: {}", file, e.toString());
        }
    }

    private static void rename(Path file, String suffix) throws IOException {
        Files.move(
                file,
                file.resolveSibling(file.getFileName() + suffix),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Whether the gateway wants one is for the configuration to say: one that has lost its identity is still ACTIVE here. */
    private static void token(String gateway, Path file, IdentityAdministration identities) {
        try {
            String text = identities
                    .createToken(NodeRole.GATEWAY, gateway, TOKEN_LIFE, ORIGIN)
                    .text();
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, text + "\n", StandardOpenOption.WRITE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | IllegalStateException | StoreException e) {
            LOG.error("gateway/{} gets no join token: {}", gateway, e.getMessage());
        }
    }
}
