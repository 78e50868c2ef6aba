package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A MAC of a pool that something outside the fabric has (VMM Grant-SCMACAddress). Deleting it revokes the MAC.
 *
 * @param mac in the range of the pool; not allocated to others meanwhile
 */
public record MacGrant(
        @JsonUnwrapped Meta meta, UUID macPoolId, MacAddress mac, AllocatedTo allocatedTo, AllocatedTo.State state)
        implements FabricObject {

    public MacGrant(
            Meta meta,
            UUID macPoolId,
            MacAddress mac,
            @Nullable AllocatedTo allocatedTo,
            AllocatedTo.@Nullable State state) {
        String kind = Kind.MAC_GRANT.label();
        this.meta = Rules.meta(Kind.MAC_GRANT, meta);
        this.macPoolId = Rules.required(kind, "macPoolId", macPoolId);
        this.mac = Rules.unicast(kind, "mac", mac);
        this.allocatedTo = Rules.given(allocatedTo, AllocatedTo.NOBODY);
        this.state = Rules.given(state, AllocatedTo.State.ALLOCATED);
    }

    @Override
    public Kind kind() {
        return Kind.MAC_GRANT;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(macPoolId);
    }

    @Override
    public MacGrant withMeta(Meta meta) {
        return new MacGrant(meta, macPoolId, mac, allocatedTo, state);
    }
}
