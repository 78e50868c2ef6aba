package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A node that may have certificates; its name is the node's. Made when a node joins, not by people.
 *
 * @param certificates those that have not expired, oldest first
 */
public record NodeIdentity(@JsonUnwrapped Meta meta, NodeRole role, State state, List<Issued> certificates)
        implements BesideFabric {

    public enum State {
        ACTIVE,
        /** Gets nothing until it joins again. */
        REVOKED
    }

    /**
     * One certificate.
     *
     * @param serial hexadecimal, lower case
     * @param authority id of the CA that signed it
     * @param revoked it was in use when the identity was revoked
     */
    public record Issued(String serial, UUID authority, Instant notAfter, boolean revoked) {

        public Issued {
            String kind = Kind.NODE_IDENTITY.label();
            Rules.required(kind, "certificates.serial", serial);
            Rules.required(kind, "certificates.authority", authority);
            Rules.required(kind, "certificates.notAfter", notAfter);
        }
    }

    public NodeIdentity(Meta meta, NodeRole role, State state, @Nullable List<Issued> certificates) {
        String kind = Kind.NODE_IDENTITY.label();
        this.meta = Rules.meta(Kind.NODE_IDENTITY, meta);
        this.role = Rules.required(kind, "role", role);
        this.state = Rules.required(kind, "state", state);
        this.certificates = Rules.list(kind, "certificates", certificates);
    }

    @Override
    public Kind kind() {
        return Kind.NODE_IDENTITY;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public NodeIdentity withMeta(Meta meta) {
        return new NodeIdentity(meta, role, state, certificates);
    }
}
