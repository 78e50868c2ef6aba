package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An address of a pool that something outside the fabric has (VMM Grant-SCIPAddress). Deleting it revokes the address
 * (Revoke-SCIPAddress).
 *
 * @param address in the range of the pool, nobody else's
 */
public record AddressGrant(
        @JsonUnwrapped Meta meta, UUID ipPoolId, IpAddress address, AllocatedTo allocatedTo, AllocatedTo.State state)
        implements FabricObject {

    public AddressGrant(
            Meta meta,
            UUID ipPoolId,
            IpAddress address,
            @Nullable AllocatedTo allocatedTo,
            AllocatedTo.@Nullable State state) {
        String kind = Kind.ADDRESS_GRANT.label();
        this.meta = Rules.meta(Kind.ADDRESS_GRANT, meta);
        this.ipPoolId = Rules.required(kind, "ipPoolId", ipPoolId);
        this.address = Rules.required(kind, "address", address);
        this.allocatedTo = Rules.given(allocatedTo, AllocatedTo.NOBODY);
        this.state = Rules.given(state, AllocatedTo.State.ALLOCATED);
    }

    @Override
    public Kind kind() {
        return Kind.ADDRESS_GRANT;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(ipPoolId);
    }

    @Override
    public AddressGrant withMeta(Meta meta) {
        return new AddressGrant(meta, ipPoolId, address, allocatedTo, state);
    }
}
