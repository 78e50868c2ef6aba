package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a logical network exists, and with which subnets (VMM LogicalNetworkDefinition).
 *
 * @param mtu bytes of the largest IP packet on the wire; VMs of an HNV network get 42 less
 * @param hostGroupIds groups whose hosts it serves; empty = every host
 */
public record NetworkSite(
        @JsonUnwrapped Meta meta, UUID logicalNetworkId, List<Subnet> subnets, int mtu, List<UUID> hostGroupIds)
        implements FabricObject {

    /** Bytes that NVGRE adds to an inner IP packet: outer IPv4 20, GRE 8, inner Ethernet 14. */
    public static final int NVGRE_OVERHEAD = 42;

    /** The same with an outer IPv6 header of 40 bytes. */
    public static final int NVGRE_OVERHEAD6 = 62;

    public static final int MTU_DEFAULT = 1500;

    /** RFC 8200 section 5: what every IPv6 link must carry. */
    public static final int VM_MTU_MIN = 1280;

    public static final int MTU_MIN = VM_MTU_MIN + NVGRE_OVERHEAD;

    public static final int MTU_MAX = 9216;

    /**
     * A VLAN and subnet of a site (VMM SubnetVLan).
     *
     * @param prefix none = a VLAN whose addresses are not managed here
     * @param vlanId 802.1Q VLAN id, 0 = untagged; the primary one of a private VLAN
     * @param secondaryVlanId of a private VLAN (RFC 5517)
     */
    public record Subnet(Optional<IpPrefix> prefix, int vlanId, Optional<Integer> secondaryVlanId) {

        public Subnet {
            String kind = Kind.NETWORK_SITE.label();
            Rules.range(kind, "subnets.vlanId", vlanId, 0, 4094);
            if (prefix.isEmpty() && vlanId == 0) {
                throw new ModelException(kind, "subnets.prefix", null, "is required without a vlanId");
            }
            secondaryVlanId.ifPresent(secondary -> {
                Rules.range(kind, "subnets.secondaryVlanId", secondary, 1, 4094);
                if (vlanId == 0 || secondary == vlanId) {
                    throw new ModelException(
                            kind, "subnets.secondaryVlanId", secondary, "must be another VLAN than vlanId " + vlanId);
                }
            });
        }

        public Subnet(IpPrefix prefix, int vlanId) {
            this(Optional.of(prefix), vlanId, Optional.empty());
        }

        boolean overlaps(Subnet other) {
            return (prefix.isPresent() && other.prefix.isPresent())
                    ? prefix.get().overlaps(other.prefix.get())
                    : equals(other);
        }
    }

    /** The subnets whose addresses are managed here. */
    public List<IpPrefix> prefixes() {
        return subnets.stream().flatMap(subnet -> subnet.prefix().stream()).toList();
    }

    /**
     * Bytes of the largest inner IP packet.
     *
     * @param outerBits 32 or 128: length of PAs
     */
    public int vmMtu(int outerBits) {
        return mtu - (outerBits == 32 ? NVGRE_OVERHEAD : NVGRE_OVERHEAD6);
    }

    public Optional<Subnet> subnet(IpPrefix prefix) {
        return subnets.stream()
                .filter(subnet -> subnet.prefix().filter(prefix::equals).isPresent())
                .findFirst();
    }

    public NetworkSite {
        Rules.meta(Kind.NETWORK_SITE, meta);
        Rules.required(Kind.NETWORK_SITE.label(), "logicalNetworkId", logicalNetworkId);
        subnets = Rules.list(Kind.NETWORK_SITE.label(), "subnets", subnets);
        Rules.range(Kind.NETWORK_SITE.label(), "mtu", mtu, MTU_MIN, MTU_MAX);
        for (int i = 0; i < subnets.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (subnets.get(i).overlaps(subnets.get(j))) {
                    throw new ModelException(
                            Kind.NETWORK_SITE.label(),
                            "subnets[" + i + "].prefix",
                            subnets.get(i)
                                    .prefix()
                                    .map(IpPrefix::toString)
                                    .orElse("VLAN " + subnets.get(i).vlanId()),
                            "must not overlap subnets[" + j + "]");
                }
            }
        }
        hostGroupIds = Rules.distinct(Kind.NETWORK_SITE.label(), "hostGroupIds", hostGroupIds);
    }

    @Override
    public Kind kind() {
        return Kind.NETWORK_SITE;
    }

    @Override
    public Set<UUID> references() {
        return Stream.concat(Stream.of(logicalNetworkId), hostGroupIds.stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public NetworkSite withMeta(Meta meta) {
        return new NetworkSite(meta, logicalNetworkId, subnets, mtu, hostGroupIds);
    }
}
