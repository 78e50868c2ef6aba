package net.nvgate.mgmt.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.nvgate.fabric.identity.PrivateFiles;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.mgmt.config.AuthConfig;
import net.nvgate.mgmt.config.OidcConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything about who may use this manager, in working order. */
public final class Access implements AutoCloseable {

    /** Where a password that was made up for {@code admin} lies, below the state directory. */
    public static final String PASSWORD_FILE = "initial-admin-password";

    /** Names a file with the password of {@code admin}, as {@code auth.admin-password-file} does. */
    private static final String PASSWORD_FILE_VARIABLE = "NVGATE_ADMIN_PASSWORD_FILE";

    private static final Logger LOG = LoggerFactory.getLogger(Access.class);
    private static final int SAVE_MILLIS = 1000;
    private static final int STOP_MILLIS_MAX = 500;

    private final boolean required;
    private final Permissions permissions;
    private final AccessBook book;
    private final Logins logins;
    private final Users users;
    private final Tokens tokens;
    private final AuditLog audit;
    private final LoginThrottle throttle;
    private final RequestKeys requestKeys;
    private final Optional<OidcConfig> oidc;
    private final Optional<OidcUsers> oidcUsers;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("access").daemon().unstarted(task));

    private Access(AuthConfig config, Permissions permissions, AccessBook book, RequestKeys requestKeys, Clock clock) {
        this.required = config.required();
        this.permissions = permissions;
        this.book = book;
        Passwords passwords = new Passwords();
        logins = new Logins(
                book,
                permissions,
                passwords,
                clock,
                Duration.ofMinutes(config.sessionIdleMinutes()),
                Duration.ofHours(config.sessionHours()));
        users = new Users(book, permissions, passwords, clock);
        tokens = new Tokens(book, permissions, logins, clock, Duration.ofHours(config.sessionHours()));
        audit = new AuditLog(book, clock, config.auditEvents());
        throttle = new LoginThrottle(clock);
        this.requestKeys = requestKeys;
        oidc = config.oidc();
        oidcUsers = oidc.map(provider -> new OidcUsers(provider, book));
    }

    /**
     * Reads the users, and makes the first one if logins are required and there is none.
     *
     * @param store outlives this
     * @throws IOException if the first user's password cannot be read or written
     */
    public static Access open(
            AuthConfig config, Permissions permissions, FabricStore store, Path stateDirectory, Clock clock)
            throws IOException {
        Access access = new Access(config, permissions, new AccessBook(store), new RequestKeys(store, clock), clock);
        try {
            if (access.required && access.users.isEmpty()) {
                access.makeFirst(config, stateDirectory);
            }
        } catch (IOException | RuntimeException e) {
            access.close();
            throw e;
        }
        ScheduledFuture<?> _ = access.timer.scheduleWithFixedDelay(
                () -> access.save(false), SAVE_MILLIS, SAVE_MILLIS, TimeUnit.MILLISECONDS);
        return access;
    }

    private void makeFirst(AuthConfig config, Path stateDirectory) throws IOException {
        Optional<Path> given = config.adminPasswordFile()
                .or(() -> Optional.ofNullable(System.getenv(PASSWORD_FILE_VARIABLE))
                        .map(Path::of));
        if (given.isPresent()) {
            String password =
                    Files.readString(given.get(), StandardCharsets.UTF_8).strip();
            String objection = Passwords.objection("admin", password);
            if (!objection.isEmpty()) {
                throw new IOException(given.get() + ": " + objection);
            }
            if (users.makeFirst(password, false)) {
                LOG.info("made the user admin; its password is the one in {}", given.get());
            }
            return;
        }
        String password = Secrets.random().substring(0, 24);
        Path file = stateDirectory.resolve(PASSWORD_FILE);
        PrivateFiles.write(file, password + "\n");
        if (users.makeFirst(password, true)) {
            LOG.warn("made the user admin; its first password is in {}. Log in, change it, and delete the file", file);
        } else {
            // Another manager was faster.
            Files.deleteIfExists(file);
        }
    }

    private void save(boolean last) {
        try {
            audit.save(last);
            logins.saveUses(last);
            requestKeys.purge();
        } catch (RuntimeException e) {
            LOG.warn("the audit log and last uses cannot be stored now: {}", e.toString());
        }
    }

    /** False if nobody is asked who he is. */
    public boolean required() {
        return required;
    }

    public Permissions permissions() {
        return permissions;
    }

    public Logins logins() {
        return logins;
    }

    public Users users() {
        return users;
    }

    /** The OpenID provider, if there is one. */
    public Optional<OidcConfig> oidc() {
        return oidc;
    }

    /** Present if there is an OpenID provider. */
    public Optional<OidcUsers> oidcUsers() {
        return oidcUsers;
    }

    public Tokens tokens() {
        return tokens;
    }

    public AuditLog audit() {
        return audit;
    }

    public LoginThrottle throttle() {
        return throttle;
    }

    /** Stores what is in the audit log already. */
    @Override
    public void close() {
        timer.shutdown();
        try {
            if (timer.awaitTermination(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                save(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        requestKeys.close();
        book.close();
    }
}
