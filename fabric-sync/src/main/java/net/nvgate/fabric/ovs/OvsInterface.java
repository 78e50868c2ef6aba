package net.nvgate.fabric.ovs;

import java.util.Locale;
import java.util.Map;

/**
 * An interface of a bridge, as the switch's database has it. Hypervisors say by external ids what it is, in the conventions of
 * libvirt: {@code iface-id}, {@code attached-mac}, {@code vm-id}.
 *
 * @param ofport OpenFlow port number, not positive while the switch has not opened it
 * @param type empty for an interface of the kernel
 * @param mtu bytes it has, 0 if unknown
 * @param mtuRequest bytes it is to have, 0 if nobody asked
 */
record OvsInterface(
        String name,
        int ofport,
        String type,
        Map<String, String> externalIds,
        Map<String, String> options,
        int mtu,
        int mtuRequest) {

    OvsInterface {
        externalIds = Map.copyOf(externalIds);
        options = Map.copyOf(options);
    }

    boolean isOpen() {
        return ofport > 0;
    }

    /** In lower case, empty if none. */
    String ifaceId() {
        return id("iface-id");
    }

    String attachedMac() {
        return id("attached-mac");
    }

    /** The hypervisor's name of the machine; older ones write vm-uuid. */
    String vmId() {
        String vm = id("vm-id");
        return vm.isEmpty() ? id("vm-uuid") : vm;
    }

    private String id(String key) {
        return externalIds.getOrDefault(key, "").toLowerCase(Locale.ROOT);
    }
}
