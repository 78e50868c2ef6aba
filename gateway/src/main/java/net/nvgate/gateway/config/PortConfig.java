package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Optional;
import java.util.regex.Pattern;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.ModelException;
import net.nvgate.gateway.dpdk.Offloads;
import net.nvgate.gateway.dpdk.PortSettings;
import org.jspecify.annotations.Nullable;

/**
 * One port.
 *
 * @param device PCI address or DPDK virtual device, with driver options after a comma
 * @param mtu bytes of the largest IP packet, 0 = the role's default
 * @param mac empty = the device's own
 * @param rateMbit what it may send of tenants' packets, Mbit/s; 0 = no limit
 * @param rxInterrupts an idle worker sleeps until the driver says that a packet has come, if it can
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
            @Nullable String device,
            @Nullable Integer mtu,
            @Nullable Boolean promiscuous,
            @Nullable String mac,
            @Nullable Integer rxDescriptors,
            @Nullable Integer txDescriptors,
            @Nullable Integer rateMbit,
            @Nullable Boolean rxInterrupts) {
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
