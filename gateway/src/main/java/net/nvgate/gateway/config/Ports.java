package net.nvgate.gateway.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.List;
import java.util.stream.Stream;
import net.nvgate.fabric.config.ConfigException;
import net.nvgate.fabric.config.Defaults;
import net.nvgate.fabric.config.Key;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's ports.
 */
public record Ports(PortConfig pa, PortConfig ext) {

    /** As the manager assumes of a network site; tenants have 42 bytes less (inner Ethernet 14, GRE 8, outer IPv4 20). */
    private static final int PA_MTU_DEFAULT = 1500;

    private static final int EXT_MTU_DEFAULT = 1500;

    @JsonCreator
    public static Ports of(
            @Key("toward the hosts, NVGRE") @Nullable PortConfig pa,
            @Key("toward the physical network") @Nullable PortConfig ext) {
        PortConfig paPort = Defaults.required("ports.pa", pa).withMtuDefault(PA_MTU_DEFAULT);
        PortConfig extPort = Defaults.required("ports.ext", ext).withMtuDefault(EXT_MTU_DEFAULT);
        if (paPort.deviceName().equals(extPort.deviceName())) {
            throw new ConfigException("ports.pa and ports.ext are both device " + paPort.deviceName()
                    + "; virtual devices need different numbers, e.g. net_af_packet0 and net_af_packet1");
        }
        return new Ports(paPort, extPort);
    }

    /** Devices on a bus that EAL must be told to scan for; virtual devices are made when attached. */
    public List<String> hardware() {
        return Stream.of(pa, ext)
                .filter(PortConfig::isHardware)
                .map(PortConfig::device)
                .toList();
    }
}
