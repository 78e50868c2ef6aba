package net.nvgate.fabric.manager;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.FabricObject;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Kind;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.store.ObjectChange;

/**
 * One change that somebody asks for: a transaction of its own, or a part of a batch. Whatever is an operation can be
 * done in a batch and tried in a dry run.
 */
public sealed interface Operation {

    /** Makes an object. */
    record Create(FabricSpec<?> spec) implements Operation {}

    /**
     * Changes fields of an object.
     *
     * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
     */
    record Update(Kind kind, UUID id, Patch patch, Optional<Long> ifRevision) implements Operation {

        public Update(Kind kind, UUID id, Patch patch) {
            this(kind, id, patch, Optional.empty());
        }
    }

    /**
     * Deletes an object that nothing needs, and frees what was allocated for it.
     *
     * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
     */
    record Delete(Kind kind, UUID id, Optional<Long> ifRevision) implements Operation {

        public Delete(Kind kind, UUID id) {
            this(kind, id, Optional.empty());
        }
    }

    /**
     * Takes a change of an object back: what it made goes, what it deleted comes back, and fields that it changed get the
     * values they had, unless somebody has changed them again.
     *
     * @param change what is to happen: the object as it was left, and as it shall be again
     * @param companions what was deleted together with an object that comes back, and belongs to it
     * @param ifRevision {@code changedRevision} that the object must have, if the caller insists on one
     * @param replaceable an object that comes back is left out if another has what must be unique about it
     */
    record Reset(ObjectChange change, List<FabricObject> companions, Optional<Long> ifRevision, boolean replaceable)
            implements Operation {

        public Reset {
            companions = List.copyOf(companions);
        }
    }

    /**
     * A NIC with guest-specified addressing has taken a CA; a NIC that had learned it before loses it.
     *
     * @param ifRevision {@code changedRevision} that the VM must have, if the caller insists on one
     */
    record Learn(UUID vmId, UUID nicId, IpAddress address, Optional<Long> ifRevision) implements Operation {

        public Learn(UUID vmId, UUID nicId, IpAddress address) {
            this(vmId, nicId, address, Optional.empty());
        }
    }

    /**
     * A NIC has given a learned CA up.
     *
     * @param ifRevision {@code changedRevision} that the VM must have, if the caller insists on one
     */
    record Forget(UUID vmId, UUID nicId, IpAddress address, Optional<Long> ifRevision) implements Operation {

        public Forget(UUID vmId, UUID nicId, IpAddress address) {
            this(vmId, nicId, address, Optional.empty());
        }
    }

    /**
     * A NIC gets another MAC, one of the MAC pool if none is given.
     *
     * @param ifRevision {@code changedRevision} that the VM must have, if the caller insists on one
     */
    record ChangeMac(UUID vmId, UUID nicId, Optional<MacAddress> mac, Optional<Long> ifRevision) implements Operation {

        public ChangeMac(UUID vmId, UUID nicId, Optional<MacAddress> mac) {
            this(vmId, nicId, mac, Optional.empty());
        }
    }

    /**
     * Gives a VM network a VM network gateway on the gateway that suits the hosts of its owner's cloud best.
     *
     * @param meta of the VM network gateway
     */
    record Attach(SpecMeta meta, UUID vmNetworkId) implements Operation {}

    /**
     * Takes a gateway out of use: no VM network comes to it any more.
     *
     * @param moveNetworks those that it serves go to other gateways that can take them; the rest stays
     * @param ifRevision {@code changedRevision} that the gateway must have, if the caller insists on one
     */
    record Drain(UUID gatewayId, boolean moveNetworks, Optional<Long> ifRevision) implements Operation {}

    /** Live migration of a VM: its addresses stay, the PA of its records becomes the new host's. */
    record Move(UUID vmId, UUID hostId, Optional<Long> ifRevision) implements Operation {

        public Move(UUID vmId, UUID hostId) {
            this(vmId, hostId, Optional.empty());
        }
    }
}
