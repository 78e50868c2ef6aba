package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's use of a plan (Windows Azure Pack subscription).
 *
 * @param owner account of the tenant, e.g. an e-mail address
 * @param coAdmins accounts that may do what the owner may
 */
public record Subscription(@JsonUnwrapped Meta meta, UUID planId, String owner, State state, List<String> coAdmins)
        implements FabricObject {

    /** Whether it may be given more. */
    public enum State {
        ACTIVE,
        /** What it has stays and works; it gets nothing new. */
        SUSPENDED
    }

    public static final int CO_ADMINS_MAX = 64;
    public static final int ACCOUNT_LENGTH_MAX = 128;

    public Subscription(Meta meta, UUID planId, String owner, @Nullable State state, @Nullable List<String> coAdmins) {
        String kind = Kind.SUBSCRIPTION.label();
        this.meta = Rules.meta(Kind.SUBSCRIPTION, meta);
        this.planId = Rules.required(kind, "planId", planId);
        this.owner = account(kind, "owner", owner);
        this.state = Rules.given(state, State.ACTIVE);
        this.coAdmins = Rules.distinct(kind, "coAdmins", coAdmins);
        Rules.range(kind, "coAdmins", this.coAdmins.size(), 0, CO_ADMINS_MAX);
        this.coAdmins.forEach(account -> account(kind, "coAdmins", account));
    }

    static String account(String kind, String field, @Nullable String value) {
        String account = Rules.required(kind, field, value);
        if (account.isBlank() || account.length() > ACCOUNT_LENGTH_MAX || !Rules.printable(account)) {
            throw new ModelException(
                    kind, field, account, "must be 1.." + ACCOUNT_LENGTH_MAX + " printable characters");
        }
        return account;
    }

    @Override
    public Kind kind() {
        return Kind.SUBSCRIPTION;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(planId);
    }

    @Override
    public Subscription withMeta(Meta meta) {
        return new Subscription(meta, planId, owner, state, coAdmins);
    }
}
