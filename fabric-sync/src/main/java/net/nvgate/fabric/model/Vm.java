package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine and where it runs.
 *
 * @param subscriptionId whose it is; absent = the administrator's
 * @param vcpus virtual processors, 1 by default
 * @param memoryMb MiB of memory, for quotas; 0 = not known
 * @param storageGb GiB of disks, for quotas; 0 = not known
 * @param customPoints what it counts in quotas of a meaning of your own, 1 by default
 */
public record Vm(
        @JsonUnwrapped Meta meta,
        UUID hostId,
        List<Nic> nics,
        Optional<UUID> subscriptionId,
        Integer vcpus,
        Integer memoryMb,
        Integer storageGb,
        Integer customPoints)
        implements FabricObject {

    public static final int NICS_MAX = 16;
    public static final int VCPUS_MAX = 4096;

    /** Who chooses a MAC. */
    public enum MacType {
        /** The manager, or who asked for the NIC. */
        STATIC,
        /** The host, when the VM starts; until then the one that is recorded. */
        DYNAMIC
    }

    /** Who chooses the addresses. */
    public enum Addressing {
        /** The manager, or who asked for the NIC; bound to the MAC before the VM starts. */
        STATIC,
        /** The same, and the VM is told by DHCP. */
        DHCP,
        /** The VM, among those of its VM network; the recorded one until then. */
        GUEST_SPECIFIED,
        /** The VM, and nothing is recorded before an address is learned; the one it was made with means nothing. */
        LEARNED
    }

    /**
     * A virtual network adapter.
     *
     * @param id names the port on the host's switch ({@code iface-id} in OVS)
     * @param address its CA, once per routing domain
     * @param address6 its IPv6 CA in a subnet that has both families, once per routing domain
     * @param mac unicast, once per routing domain
     * @param portClassificationId what the host's logical switch gives a profile for; absent = its defaults
     * @param macType STATIC by default
     * @param addressing STATIC by default
     * @param learnedAddresses CAs that the guest took besides, with addressing GUEST_SPECIFIED or LEARNED; at most
     *     {@value #LEARNED_MAX}
     */
    public record Nic(
            UUID id,
            String name,
            UUID vmSubnetId,
            IpAddress address,
            Optional<IpAddress> address6,
            MacAddress mac,
            Optional<UUID> portClassificationId,
            MacType macType,
            Addressing addressing,
            List<IpAddress> learnedAddresses) {

        public static final int LEARNED_MAX = 16;

        public Nic(
                UUID id,
                String name,
                UUID vmSubnetId,
                IpAddress address,
                Optional<IpAddress> address6,
                MacAddress mac,
                Optional<UUID> portClassificationId,
                @Nullable MacType macType,
                @Nullable Addressing addressing,
                @Nullable List<IpAddress> learnedAddresses) {
            String kind = Kind.VM.label();
            this.id = Rules.required(kind, "nics.id", id);
            this.name = Rules.name(kind + ".nics", name);
            this.vmSubnetId = Rules.required(kind, "nics.vmSubnetId", vmSubnetId);
            this.address = Rules.required(kind, "nics.address", address);
            this.address6 = address6;
            this.mac = Rules.unicast(kind, "nics.mac", mac);
            this.portClassificationId = portClassificationId;
            this.macType = Rules.given(macType, MacType.STATIC);
            this.addressing = Rules.given(addressing, Addressing.STATIC);
            if (this.addressing == Addressing.STATIC && this.macType == MacType.DYNAMIC) {
                throw new ModelException(
                        kind,
                        "nics.macType",
                        MacType.DYNAMIC,
                        "must be STATIC with addressing STATIC: the address is bound by the MAC before the VM starts");
            }
            this.learnedAddresses = Rules.list(kind, "nics.learnedAddresses", learnedAddresses);
            Rules.range(kind, "nics.learnedAddresses", this.learnedAddresses.size(), 0, learns() ? LEARNED_MAX : 0);
            if (addresses().stream().distinct().count() < addresses().size()) {
                throw new ModelException(kind, "nics.learnedAddresses", learnedAddresses, "must be other addresses");
            }
        }

        /** The guest chooses addresses, which become known as it uses them. */
        public boolean learns() {
            return addressing == Addressing.GUEST_SPECIFIED || addressing == Addressing.LEARNED;
        }

        /** All CAs of the NIC. */
        public List<IpAddress> addresses() {
            return Stream.concat(recordedAddresses().stream(), learnedAddresses.stream())
                    .toList();
        }

        /** The CAs it was made with, unless only learned ones count. */
        public List<IpAddress> recordedAddresses() {
            return addressing == Addressing.LEARNED
                    ? List.of()
                    : Stream.concat(Stream.of(address), address6.stream()).toList();
        }

        public Nic withLearned(List<IpAddress> addresses) {
            return new Nic(
                    id, name, vmSubnetId, address, address6, mac, portClassificationId, macType, addressing, addresses);
        }

        public Nic withMac(MacAddress another) {
            return new Nic(
                    id,
                    name,
                    vmSubnetId,
                    address,
                    address6,
                    another,
                    portClassificationId,
                    macType,
                    addressing,
                    learnedAddresses);
        }
    }

    /** The same machine on another host. */
    public Vm movedTo(UUID hostId) {
        return new Vm(meta, hostId, nics, subscriptionId, vcpus, memoryMb, storageGb, customPoints);
    }

    /** The same machine with another version of one of its NICs. */
    public Vm with(Nic nic) {
        List<Nic> changed = nics.stream()
                .map(each -> each.id().equals(nic.id()) ? nic : each)
                .toList();
        return new Vm(meta, hostId, changed, subscriptionId, vcpus, memoryMb, storageGb, customPoints);
    }

    /** What was left out, or an older version did not know, has its default. */
    public Vm(
            Meta meta,
            UUID hostId,
            @Nullable List<Nic> nics,
            Optional<UUID> subscriptionId,
            @Nullable Integer vcpus,
            @Nullable Integer memoryMb,
            @Nullable Integer storageGb,
            @Nullable Integer customPoints) {
        String kind = Kind.VM.label();
        this.meta = Rules.meta(Kind.VM, meta);
        this.hostId = Rules.required(kind, "hostId", hostId);
        this.nics = Rules.list(kind, "nics", nics);
        this.subscriptionId = subscriptionId;
        this.vcpus = Rules.range(kind, "vcpus", Rules.given(vcpus, 1), 1, VCPUS_MAX);
        this.memoryMb = Rules.range(kind, "memoryMb", Rules.given(memoryMb, 0), 0, Integer.MAX_VALUE);
        this.storageGb = Rules.range(kind, "storageGb", Rules.given(storageGb, 0), 0, Integer.MAX_VALUE);
        this.customPoints = Rules.range(kind, "customPoints", Rules.given(customPoints, 1), 0, Integer.MAX_VALUE);
        checkNics(kind, this.nics);
    }

    private static void checkNics(String kind, List<Nic> nics) {
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
        return Stream.concat(
                        Stream.concat(Stream.of(hostId), subscriptionId.stream()),
                        nics.stream()
                                .flatMap(nic -> Stream.concat(
                                        Stream.of(nic.vmSubnetId()), nic.portClassificationId().stream())))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Vm withMeta(Meta meta) {
        return new Vm(meta, hostId, nics, subscriptionId, vcpus, memoryMb, storageGb, customPoints);
    }
}
