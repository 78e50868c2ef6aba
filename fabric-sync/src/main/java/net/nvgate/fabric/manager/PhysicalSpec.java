package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.AddressGrant;
import net.nvgate.fabric.model.AllocatedTo;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.MacGrant;
import net.nvgate.fabric.model.MacPool;
import net.nvgate.fabric.model.Rules;

/** Requests for MAC pools, and for addresses of pools for what is outside the fabric. */
public sealed interface PhysicalSpec<T extends FabricObject> extends FabricSpec<T> {

    /** Serves every host by default. */
    record MacPoolSpec(
            @JsonUnwrapped SpecMeta meta, MacAddress rangeStart, MacAddress rangeEnd, List<UUID> hostGroupIds)
            implements PhysicalSpec<MacPool> {

        public MacPoolSpec {
            meta = SpecMeta.checked(Kind.MAC_POOL, meta);
            Rules.required(Kind.MAC_POOL.label(), "rangeStart", rangeStart);
            Rules.required(Kind.MAC_POOL.label(), "rangeEnd", rangeEnd);
            hostGroupIds = Rules.list(Kind.MAC_POOL.label(), "hostGroupIds", hostGroupIds);
        }

        @Override
        public Kind kind() {
            return Kind.MAC_POOL;
        }
    }

    /** A free address by default; for a VIP, one of the pool's VIPs. */
    record AddressGrantSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID ipPoolId,
            Optional<IpAddress> address,
            Optional<AllocatedTo> allocatedTo,
            Optional<AllocatedTo.State> state)
            implements PhysicalSpec<AddressGrant> {

        public AddressGrantSpec {
            meta = SpecMeta.checked(Kind.ADDRESS_GRANT, meta);
            Rules.required(Kind.ADDRESS_GRANT.label(), "ipPoolId", ipPoolId);
        }

        @Override
        public Kind kind() {
            return Kind.ADDRESS_GRANT;
        }
    }

    /** A free MAC by default. */
    record MacGrantSpec(
            @JsonUnwrapped SpecMeta meta,
            UUID macPoolId,
            Optional<MacAddress> mac,
            Optional<AllocatedTo> allocatedTo,
            Optional<AllocatedTo.State> state)
            implements PhysicalSpec<MacGrant> {

        public MacGrantSpec {
            meta = SpecMeta.checked(Kind.MAC_GRANT, meta);
            Rules.required(Kind.MAC_GRANT.label(), "macPoolId", macPoolId);
        }

        @Override
        public Kind kind() {
            return Kind.MAC_GRANT;
        }
    }
}
