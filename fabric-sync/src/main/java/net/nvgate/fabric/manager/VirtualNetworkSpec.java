package net.nvgate.fabric.manager;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.fabric.model.Rules;

/**
 * A tenant's request for a whole network (Windows Azure Pack "New, Virtual Network"): VM network, VM subnet and its pools,
 * and, if wanted, the way out.
 *
 * @param meta of the VM network; what comes with it has the same name
 * @param logicalNetworkId may be absent if the cloud has one HNV network
 * @param dnsServers told by DHCP, which is on if there is one
 * @param gatewayId absent = the one with the most room, if there is to be NAT; none otherwise
 * @param nat absent = no NAT connection
 */
public record VirtualNetworkSpec(
        @JsonUnwrapped SpecMeta meta,
        Optional<UUID> logicalNetworkId,
        IpPrefix prefix,
        Optional<IpPrefix> prefix6,
        List<IpAddress> dnsServers,
        Optional<String> domainName,
        Optional<UUID> gatewayId,
        Optional<Nat> nat) {

    static final String OBJECT = "virtual-network";

    /** As fields of a NAT connection; an address of the gateway's pool by default. */
    public record Nat(
            Optional<UUID> externalPoolId,
            Optional<IpAddress> externalAddress,
            Optional<Integer> maximumBandwidthInboundKbps,
            Optional<Integer> maximumBandwidthOutboundKbps) {}

    public VirtualNetworkSpec {
        Rules.name(OBJECT, meta.name());
        Rules.description(OBJECT, meta.description());
        Rules.required(OBJECT, "prefix", prefix);
        dnsServers = Rules.list(OBJECT, "dnsServers", dnsServers);
        if (domainName.isPresent() && dnsServers.isEmpty()) {
            throw new ModelException(OBJECT, "domainName", domainName.get(), "needs dnsServers");
        }
    }
}
