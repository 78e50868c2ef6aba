package net.nvgate.gateway.capture;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.trace.FrameBytes;
import net.nvgate.gateway.trace.TraceNames;
import net.nvgate.gateway.watch.FrameView;

/** Names for one capture, each asked for once. One thread. */
public final class CaptureNames {

    /** VSIDs and addresses that are remembered; then all are asked for anew. */
    private static final int REMEMBERED_MAX = 4_096;

    private final TraceNames names;
    private final int network;
    private final Map<Integer, String> vsids = new HashMap<>();
    private final Set<IpAddress> asked = new HashSet<>();

    /** @param network routing domain of all packets; 0 = of several, in which an address may be several VMs' */
    public CaptureNames(TraceNames names, int network) {
        this.names = names;
        this.network = network;
    }

    int domain(int vsid) {
        return names.domain(vsid);
    }

    /** {@code VSID 5001 (web of VM network blue)}, as far as it is known. */
    String vsid(int vsid) {
        if (vsids.size() == REMEMBERED_MAX) {
            vsids.clear();
        }
        return vsids.computeIfAbsent(vsid, this::describe);
    }

    private String describe(int vsid) {
        int domain = names.domain(vsid);
        String subnet = names.subnet(vsid);
        String of =
                domain == 0 ? "" : (subnet.isEmpty() ? "" : subnet + " of ") + "VM network " + names.network(domain);
        return "VSID " + vsid + (of.isEmpty() ? "" : " (" + of + ")");
    }

    /** Tells names of the VMs that a frame is from and to, if they have not been told. */
    void unknown(FrameView frame, BiConsumer<byte[], String> to) {
        if (network != 0 && frame.isIp()) {
            unknown(FrameBytes.address(frame.sourceHigh(), frame.sourceLow()), to);
            unknown(FrameBytes.address(frame.destinationHigh(), frame.destinationLow()), to);
        }
    }

    private void unknown(IpAddress address, BiConsumer<byte[], String> to) {
        if (asked.size() == REMEMBERED_MAX) {
            asked.clear();
        }
        if (asked.add(address)) {
            names.host(network, address)
                    .map(TraceNames.Host::vm)
                    .filter(vm -> !vm.isEmpty())
                    .ifPresent(vm -> to.accept(bytes(address), vm));
        }
    }

    private static byte[] bytes(IpAddress address) {
        return switch (address) {
            case Ipv4Address v4 -> ByteBuffer.allocate(4).putInt(v4.value()).array();
            case Ipv6Address v6 ->
                ByteBuffer.allocate(16).putLong(v6.high()).putLong(v6.low()).array();
        };
    }
}
