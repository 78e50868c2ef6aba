package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where a logical network exists, and with which subnets (VMM LogicalNetworkDefinition).
 *
 * @param mtu bytes of the largest IP packet on the wire; VMs of an HNV network get 42 less
 */
public record NetworkSite(@JsonUnwrapped Meta meta, UUID logicalNetworkId, List<Subnet> subnets, int mtu)
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
     * A subnet of a site.
     *
     * @param vlanId 802.1Q VLAN id, 0 = untagged
     */
    public record Subnet(IpPrefix prefix, int vlanId) {

        public Subnet {
            Rules.required(Kind.NETWORK_SITE.label(), "subnets.prefix", prefix);
            Rules.range(Kind.NETWORK_SITE.label(), "subnets.vlanId", vlanId, 0, 4094);
        }
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
        return subnets.stream().filter(subnet -> subnet.prefix().equals(prefix)).findFirst();
    }

    public NetworkSite {
        Rules.meta(Kind.NETWORK_SITE, meta);
        Rules.required(Kind.NETWORK_SITE.label(), "logicalNetworkId", logicalNetworkId);
        subnets = Rules.list(Kind.NETWORK_SITE.label(), "subnets", subnets);
        Rules.range(Kind.NETWORK_SITE.label(), "mtu", mtu, MTU_MIN, MTU_MAX);
        for (int i = 0; i < subnets.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (subnets.get(i).prefix().overlaps(subnets.get(j).prefix())) {
                    throw new ModelException(
                            Kind.NETWORK_SITE.label(),
                            "subnets[" + i + "].prefix",
                            subnets.get(i).prefix(),
                            "must not overlap " + subnets.get(j).prefix());
                }
            }
        }
    }

    @Override
    public Kind kind() {
        return Kind.NETWORK_SITE;
    }

    @Override
    public Set<UUID> references() {
        return Set.of(logicalNetworkId);
    }

    @Override
    public NetworkSite withMeta(Meta meta) {
        return new NetworkSite(meta, logicalNetworkId, subnets, mtu);
    }
}
