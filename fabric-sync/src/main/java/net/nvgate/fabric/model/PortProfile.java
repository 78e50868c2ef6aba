package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How virtual network adapters behave on a logical switch (VMM virtual port profile, New-SCVirtualNetworkAdapterNativePortProfile).
 *
 * @param bandwidth of no effect on adapters with SR-IOV
 */
public record PortProfile(@JsonUnwrapped Meta meta, Offload offload, Security security, Bandwidth bandwidth)
        implements FabricObject {

    /**
     * Work that the physical adapter takes over.
     *
     * @param vmq queues of the adapter's own (VMQ)
     * @param sriov needs a logical switch with SR-IOV
     */
    public record Offload(boolean vmq, boolean ipsecTaskOffload, boolean sriov) {
        public static final Offload NONE = new Offload(false, false, false);
    }

    /**
     * What the VM may do.
     *
     * @param macSpoofing send from other MACs than its own
     * @param dhcpGuard its DHCP answers are dropped
     * @param routerGuard its router advertisements and redirects are dropped
     * @param guestTeaming team adapters inside the VM
     * @param ieeePriorityTagging 802.1p priorities of the VM are kept
     * @param guestSpecifiedIp take addresses of its VM network by itself; guest clusters need it
     */
    public record Security(
            boolean macSpoofing,
            boolean dhcpGuard,
            boolean routerGuard,
            boolean guestTeaming,
            boolean ieeePriorityTagging,
            boolean guestSpecifiedIp) {
        public static final Security DEFAULT = new Security(false, false, false, false, false, false);
    }

    /**
     * Absent = no limit.
     *
     * @param minimumMbps guaranteed, in Mbit/s; not together with a weight
     * @param minimumWeight share of what is left, 0..100
     * @param maximumMbps in Mbit/s
     */
    public record Bandwidth(
            Optional<Integer> minimumMbps, Optional<Integer> minimumWeight, Optional<Integer> maximumMbps) {

        public static final Bandwidth UNLIMITED = new Bandwidth(Optional.empty(), Optional.empty(), Optional.empty());
        public static final int MBPS_MAX = 1_000_000;
        public static final int WEIGHT_MAX = 100;

        /** Says nothing. */
        @JsonIgnore
        public boolean isUnlimited() {
            return equals(UNLIMITED);
        }

        public Bandwidth {
            String kind = Kind.PORT_PROFILE.label();
            minimumMbps.ifPresent(value -> Rules.range(kind, "bandwidth.minimumMbps", value, 1, MBPS_MAX));
            minimumWeight.ifPresent(value -> Rules.range(kind, "bandwidth.minimumWeight", value, 0, WEIGHT_MAX));
            maximumMbps.ifPresent(
                    value -> Rules.range(kind, "bandwidth.maximumMbps", value, minimumMbps.orElse(1), MBPS_MAX));
            if (minimumMbps.isPresent() && minimumWeight.isPresent()) {
                throw new ModelException(
                        kind,
                        "bandwidth.minimumWeight",
                        minimumWeight.get(),
                        "must be absent beside bandwidth.minimumMbps");
            }
        }
    }

    public PortProfile(
            Meta meta, @Nullable Offload offload, @Nullable Security security, @Nullable Bandwidth bandwidth) {
        this.meta = Rules.meta(Kind.PORT_PROFILE, meta);
        this.offload = Rules.given(offload, Offload.NONE);
        this.security = Rules.given(security, Security.DEFAULT);
        this.bandwidth = Rules.given(bandwidth, Bandwidth.UNLIMITED);
    }

    @Override
    public Kind kind() {
        return Kind.PORT_PROFILE;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public PortProfile withMeta(Meta meta) {
        return new PortProfile(meta, offload, security, bandwidth);
    }
}
