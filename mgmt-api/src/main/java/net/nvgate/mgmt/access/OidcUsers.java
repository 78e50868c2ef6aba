package net.nvgate.mgmt.access;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.User;
import net.nvgate.fabric.model.UserRole;
import net.nvgate.fabric.store.ObjectBook;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import net.nvgate.mgmt.config.OidcConfig;
import org.jspecify.annotations.Nullable;

/**
 * Users whom an OpenID provider knows. The first time one comes, he is made a user here, without a password; each time, he gets
 * the role that the provider's claims mean now; his "password" was changed when the token was issued that gave it. A name belongs to one subject of the provider: neither a local user's nor another
 * subject's can be taken by giving oneself that name there.
 */
public final class OidcUsers {

    /** What stands for the hash of a password, before the hash of issuer and subject. */
    static final String MARK = "oidc:";

    private static final int USERS_MAX = 10_000;

    /** As the contract has it. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    private final OidcConfig config;
    private final AccessBook book;

    OidcUsers(OidcConfig config, AccessBook book) {
        this.config = config;
        this.book = book;
    }

    /**
     * Whom a provider's token is about.
     *
     * @param issuedAt when the provider said so; EPOCH if it does not say when
     */
    public record Claimed(String name, String mark, UserRole role, Optional<String> tenant, Instant issuedAt) {}

    /** True if somebody else than this manager knows his password. */
    public static boolean isExternal(User user) {
        return user.passwordHash().startsWith(MARK);
    }

    /**
     * What the claims of a token that was verified mean here.
     *
     * @throws AccessException LOGIN_FAILED if they give no name, or no role
     */
    public Claimed claimed(JsonObject claims) {
        String name = text(claims, config.userClaim())
                .orElseThrow(() -> failed("the provider's token has no claim " + config.userClaim()));
        if (!NAME.matcher(name).matches()) {
            throw failed("the name that the provider gives is no name of a user here");
        }
        String subject = text(claims, "sub").orElseThrow(() -> failed("the provider's token has no subject"));
        List<String> groups = texts(at(claims, config.roleClaim()));
        UserRole role = groups.stream()
                .map(config.roles()::get)
                .filter(Objects::nonNull)
                .min(Enum::compareTo)
                .orElseThrow(() -> failed("the provider gives this user no role here: " + config.roleClaim()));
        Optional<String> tenant = role.ofTenant() ? text(claims, config.tenantClaim()) : Optional.empty();
        if (role.ofTenant() && tenant.isEmpty()) {
            throw failed("the provider's token has no claim " + config.tenantClaim());
        }
        return new Claimed(name, MARK + Secrets.hash(config.issuer() + "\n" + subject), role, tenant, issuedAt(claims));
    }

    private static Instant issuedAt(JsonObject claims) {
        return claims.getValue("iat") instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : Instant.EPOCH;
    }

    private static AccessException failed(String why) {
        return new AccessException(AccessException.Code.LOGIN_FAILED, why);
    }

    private static Optional<String> text(JsonObject claims, String name) {
        return texts(at(claims, name)).stream().findFirst();
    }

    private static @Nullable Object at(JsonObject claims, String path) {
        Object value = claims.getValue(path);
        if (value != null) {
            return value;
        }
        Object at = claims;
        for (String step : path.split("\\.", -1)) {
            at = at instanceof JsonObject object ? object.getValue(step) : null;
        }
        return at;
    }

    private static List<String> texts(@Nullable Object value) {
        return switch (value) {
            case String text -> List.of(text);
            case JsonArray array ->
                array.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    /** The user, if he is here and as the claims say. Does not block. */
    public Optional<User> present(Claimed claimed) {
        return book.view()
                .user(claimed.name())
                .filter(user -> user.passwordHash().equals(claimed.mark()) && !user.disabled())
                .filter(user -> user.role() == claimed.role() && user.tenant().equals(claimed.tenant()));
    }

    /**
     * The user, made or brought up to date. Blocks if he must be.
     *
     * @throws AccessException LOGIN_FAILED if the name is another's, or the user is disabled
     */
    public User user(Claimed claimed, String address) {
        Optional<User> present = present(claimed);
        if (present.isPresent()) {
            return present.get();
        }
        Origin origin = new Origin(claimed.name() + "@" + address, "as the OpenID provider says");
        return book.change(origin, view -> planned(view, claimed));
    }

    private ObjectBook.Plan<User> planned(AccessBook.View view, Claimed claimed) {
        Optional<User> before = view.user(claimed.name());
        if (before.isEmpty() && view.users().size() >= USERS_MAX) {
            throw failed("there are " + USERS_MAX + " users already");
        }
        if (before.filter(user -> !user.passwordHash().equals(claimed.mark())).isPresent()) {
            throw failed("the name '" + claimed.name() + "' belongs to another user here");
        }
        if (before.filter(User::disabled).isPresent()) {
            throw failed("the user is disabled");
        }
        // A token that is still good must not give back what the provider has taken since.
        if (before.filter(user -> claimed.issuedAt().isBefore(user.passwordChangedAt()))
                .isPresent()) {
            throw failed("the provider has given this user another role since that token");
        }
        Meta meta = before.map(User::meta)
                .orElseGet(() -> Meta.of(AccessBook.userId(claimed.name()), claimed.name(), "of the OpenID provider"));
        User user = new User(meta, claimed.role(), claimed.tenant(), claimed.mark(), false, false, claimed.issuedAt());
        List<Transaction.Change> changes = new ArrayList<>(List.of(AccessBook.put(user)));
        view.sessions().stream()
                .filter(session -> session.userId().equals(user.id()))
                .forEach(session -> changes.add(AccessBook.delete(session)));
        return new ObjectBook.Plan<>(changes, user);
    }
}
