package net.nvgate.gateway.nat64;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;

/**
 * From handles of a worker's NAT64 hosts to their addresses and back, from another thread. It only reads, and the worker does not know:
 * a host is read twice, and what differs was changing hands.
 */
public final class HostReader {

    private final InsideHosts hosts;

    public HostReader(InsideHosts hosts) {
        this.hosts = hosts;
    }

    /** The address behind a handle; empty for an IPv4 address, and for a handle that nobody has. */
    public Optional<Ipv6Address> address(int inside) {
        return InsideHosts.isHandle(inside) && InsideHosts.item(inside) < hosts.touched()
                ? read(inside)
                : Optional.empty();
    }

    /** As {@link #address(int)}, while the host of a {@linkplain InsideHosts#generation generation} has the handle. */
    public Optional<Ipv6Address> address(int inside, int generation) {
        Optional<Ipv6Address> address = address(inside);
        VarHandle.acquireFence();
        return address.filter(_ -> hosts.generation(inside) == generation);
    }

    /** The handles of an address: of several tenants' hosts, and by several prefixes. */
    public List<Integer> handles(Ipv6Address address) {
        List<Integer> handles = new ArrayList<>();
        int end = hosts.touched();
        for (int item = 0; item < end; item++) {
            int handle = InsideHosts.handle(item);
            if (hosts.low(handle) == address.low()
                    && read(handle).filter(address::equals).isPresent()) {
                handles.add(handle);
            }
        }
        return handles;
    }

    /** The handles of all hosts in a prefix. */
    public Set<Integer> handles(IpPrefix prefix) {
        Set<Integer> handles = new HashSet<>();
        int end = hosts.touched();
        for (int item = 0; item < end; item++) {
            int handle = InsideHosts.handle(item);
            if (hosts.domain(handle) != 0
                    && read(handle).filter(prefix::contains).isPresent()) {
                handles.add(handle);
            }
        }
        return handles;
    }

    private Optional<Ipv6Address> read(int handle) {
        int domain = hosts.domain(handle);
        VarHandle.acquireFence();
        Ipv6Address address = new Ipv6Address(hosts.high(handle), hosts.low(handle));
        VarHandle.acquireFence();
        boolean same = hosts.domain(handle) == domain
                && hosts.high(handle) == address.high()
                && hosts.low(handle) == address.low();
        return same && domain != 0 ? Optional.of(address) : Optional.empty();
    }
}
