package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import java.util.regex.Pattern;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.dpdk.PortSettings;
import org.jspecify.annotations.Nullable;

/**
 * One port.
 */
public record PortConfig(
        String device,
        int mtu,
        boolean promiscuous,
        Optional<MacAddress> mac,
        int rxDescriptors,
        int txDescriptors,
        int rateMbit,
        boolean rxInterrupts) {

    private static final int RATE_MAX = 1_000_000;

    private static final Pattern VIRTUAL = Pattern.compile("(net|eth)_[a-z_]+[0-9]*(,.*)?");

    @JsonCreator
    public static PortConfig of(
            @Key("PCI address `0000:00:10.0`, or a DPDK virtual device such as `net_af_packet0,iface=eth1`, "
                            + "`net_tap0`; options after a comma")
                    @Nullable
                    String device,
            @Key(
                            value =
                                    "of the largest IP packet. PA needs the tenants' MTU + 42: with 1500 tenants have 1458, for 1500"
                                            + " it is 1542",
                            unit = "bytes")
                    @Nullable
                    Integer mtu,
            @Key("take frames for other MACs, too (they are dropped as `not-our-mac`)") @Nullable Boolean promiscuous,
            @Key(value = "unicast address to give it", or = "the device's") @Nullable String mac,
            @Key("received packets that a ring holds, fitted to the driver") @Nullable Integer rxDescriptors,
            @Key("packets to be sent that a ring holds, fitted to the driver") @Nullable Integer txDescriptors,
            @Key("that the port sends of tenants' packets, to share it [by the VMs' "
                            + "weights](/gateway/docs/limits.md#the-port-is-the-bottleneck); 0 = no limit")
                    @Nullable
                    Integer rateMbit,
            @Key("an idle worker sleeps until the driver says that a packet has come, if both drivers can: with "
                            + "vfio-pci most, net_tap, net_af_packet")
                    @Nullable
                    Boolean rxInterrupts) {
        return new PortConfig(
                Defaults.text("device", Defaults.required("device", device)),
                mtu == null ? 0 : Defaults.range("mtu", mtu, PortSettings.MTU_MIN, PortSettings.MTU_MAX),
                Defaults.or(promiscuous, false),
                Optional.ofNullable(mac).map(PortConfig::unicast),
                Defaults.range("rx-descriptors", Defaults.or(rxDescriptors, 1024), 32, 32768),
                Defaults.range("tx-descriptors", Defaults.or(txDescriptors, 1024), 32, 32768),
                Defaults.range("rate-mbit", Defaults.or(rateMbit, 0), 0, RATE_MAX),
                Defaults.or(rxInterrupts, true));
    }

    private static MacAddress unicast(String text) {
        try {
            MacAddress mac = MacAddress.parse(text);
            if (mac.isMulticast() || mac.value() == 0) {
                throw new ConfigException("mac", "mac must be a unicast address, not " + text);
            }
            return mac;
        } catch (ModelException e) {
            throw new ConfigException("mac", "mac: " + e.getMessage());
        }
    }

    PortConfig withMtuDefault(int otherwise) {
        return mtu != 0
                ? this
                : new PortConfig(
                        device, otherwise, promiscuous, mac, rxDescriptors, txDescriptors, rateMbit, rxInterrupts);
    }

    /** The device without its options. */
    public String deviceName() {
        int comma = device.indexOf(',');
        return comma < 0 ? device : device.substring(0, comma);
    }

    /** True for a device on a bus, false for one that DPDK makes itself. */
    public boolean isHardware() {
        return !VIRTUAL.matcher(device).matches();
    }

    /**
     * One queue per direction and checksums by the device where it can. On RX the IPv4 header's only: a virtio device that may
     * leave out TCP and UDP checksums hands over packets of its host with none but the pseudo header's sum in them, which the
     * NAT's incremental updates would turn into wrong ones on the wire.
     */
    public PortSettings settings() {
        return new PortSettings(
                mtu,
                mac,
                promiscuous,
                1,
                1,
                rxDescriptors,
                txDescriptors,
                Offloads.RX_IPV4_CHECKSUM,
                Offloads.TX_CHECKSUMS);
    }
}
