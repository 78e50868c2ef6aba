package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A virtual machine and where it runs. */
public record Vm(@JsonUnwrapped Meta meta, UUID hostId, List<Nic> nics) implements FabricObject {

    public static final int NICS_MAX = 16;

    /**
     * A virtual network adapter.
     *
     * @param id names the port on the host's switch ({@code iface-id} in OVS)
     * @param address its CA, once per routing domain
     * @param address6 its IPv6 CA in a subnet that has both families, once per routing domain
     * @param mac unicast, once per routing domain
     */
    public record Nic(
            UUID id, String name, UUID vmSubnetId, IpAddress address, Optional<IpAddress> address6, MacAddress mac) {

        public Nic {
            Rules.required(Kind.VM.label(), "nics.id", id);
            Rules.name(Kind.VM.label() + ".nics", name);
            Rules.required(Kind.VM.label(), "nics.vmSubnetId", vmSubnetId);
            Rules.required(Kind.VM.label(), "nics.address", address);
            Rules.unicast(Kind.VM.label(), "nics.mac", mac);
        }

        /** All CAs of the NIC. */
        public List<IpAddress> addresses() {
            return Stream.concat(Stream.of(address), address6.stream()).toList();
        }
    }

    /** The same machine on another host. */
    public Vm movedTo(UUID hostId) {
        return new Vm(meta, hostId, nics);
    }

    public Vm {
        Rules.meta(Kind.VM, meta);
        String kind = Kind.VM.label();
        Rules.required(kind, "hostId", hostId);
        nics = Rules.list(kind, "nics", nics);
        Rules.range(kind, "nics", nics.size(), 0, NICS_MAX);
        Set<String> names = new HashSet<>();
        Set<UUID> ids = new HashSet<>();
        for (Nic nic : nics) {
            if (!names.add(nic.name())) {
                throw new ModelException(kind, "nics.name", nic.name(), "must be unique within the VM");
            }
            if (!ids.add(nic.id())) {
                throw new ModelException(kind, "nics.id", nic.id(), "must be unique within the VM");
            }
        }
    }

    @Override
    public Kind kind() {
        return Kind.VM;
    }

    @Override
    public Set<UUID> references() {
        return Stream.concat(Stream.of(hostId), nics.stream().map(Nic::vmSubnetId))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Vm withMeta(Meta meta) {
        return new Vm(meta, hostId, nics);
    }
}
