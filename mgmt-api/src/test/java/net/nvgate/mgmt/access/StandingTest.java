package net.nvgate.mgmt.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.SqliteStore;
import net.nvgate.mgmt.api.ApiContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was good when a request came, and is not any more when it is carried out; and when uses of tokens are stored. */
class StandingTest {

    private static final BookRequest BY_US = BookRequest.of(Origin.SYSTEM);

    private static final String PASSWORD = "a long first password";
    private static final Tokens.Request PLAIN =
            new Tokens.Request("plain", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @TempDir
    private Path directory;

    private final MovedClock clock = new MovedClock();
    private final Permissions permissions = new Permissions(ApiContract.load().json());
    private FabricStore store;
    private AccessBook book;
    private Users users;
    private Logins logins;
    private Tokens tokens;
    private Principal admin;

    @BeforeEach
    void open() {
        store = SqliteStore.open(directory);
        book = new AccessBook(store);
        Passwords passwords = new Passwords();
        users = new Users(book, permissions, passwords, clock);
        logins = new Logins(book, permissions, passwords, clock, Duration.ofMinutes(30), Duration.ofHours(12));
        tokens = new Tokens(book, permissions, logins, clock, Duration.ofHours(12));
        users.makeFirst(PASSWORD, false);
        admin = logins.login("admin", PASSWORD, "192.0.2.1").principal();
    }

    @AfterEach
    void close() throws Exception {
        book.close();
        store.close();
    }

    private static Users.Change disabled() {
        return new Users.Change(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true), Optional.empty());
    }

    private AccessException.Code refused(Principal principal) {
        return catchThrowableOfType(
                        AccessException.class,
                        () -> tokens.create(principal, PLAIN, BY_US).result())
                .code();
    }

    @Test
    void whoIsGoneMakesNoToken() {
        users.create(
                admin,
                new Users.Request("bob", Optional.empty(), UserRole.OPERATOR, Optional.empty(), PASSWORD),
                BY_US);
        Principal bob = logins.login("bob", PASSWORD, "192.0.2.2").principal();
        Principal program = logins.byToken(
                        tokens.create(bob, PLAIN, BY_US).result().secret())
                .orElseThrow();
        users.update(admin, "bob", disabled(), BY_US);
        assertThat(logins.stands(bob)).isFalse();
        assertThat(logins.stands(program)).isFalse();
        assertThat(refused(bob)).isEqualTo(AccessException.Code.CONFLICT);
        assertThat(refused(program)).isEqualTo(AccessException.Code.CONFLICT);
        users.delete(admin, "bob", BY_US);
        assertThat(refused(program)).isEqualTo(AccessException.Code.CONFLICT);
    }

    @Test
    void aRevokedTokenMakesNoOther() {
        Tokens.Made made = tokens.create(admin, PLAIN, BY_US).result();
        Principal program = logins.byToken(made.secret()).orElseThrow();
        tokens.delete(admin, made.token().id(), BY_US);
        assertThat(refused(program)).isEqualTo(AccessException.Code.CONFLICT);
    }

    @Test
    void nobodyMayDoNothing() {
        assertThat(logins.stands(Principal.NOBODY)).isFalse();
        for (String permission : permissions.of(UserRole.ADMIN)) {
            if (permission.endsWith("-change") || permission.equals(Permissions.SELF)) {
                assertThat(permissions.allow(Principal.NOBODY, permission, false))
                        .as(permission)
                        .isFalse();
            }
        }
    }

    @Test
    void usesAreStoredTogetherEveryFiveMinutesAndShownBefore() {
        Tokens.Made made = tokens.create(admin, PLAIN, BY_US).result();
        assertThat(logins.byToken(made.secret())).isPresent();
        logins.saveUses(false);
        long saved = book.view().all().revision();
        clock.move(Duration.ofMinutes(4));
        assertThat(logins.byToken(made.secret())).isPresent();
        logins.saveUses(false);
        assertThat(book.view().all().revision()).isEqualTo(saved);
        assertThat(tokens.list(admin))
                .singleElement()
                .satisfies(owned -> assertThat(owned.token().lastUsedAt()).contains(clock.instant()));
        clock.move(Duration.ofMinutes(1));
        logins.saveUses(false);
        assertThat(book.view().all().revision()).isEqualTo(saved + 1);
        clock.move(Duration.ofMinutes(5));
        logins.saveUses(false);
        assertThat(book.view().all().revision()).as("nothing was used since").isEqualTo(saved + 1);
    }
}
