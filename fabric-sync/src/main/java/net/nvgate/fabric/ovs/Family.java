package net.nvgate.fabric.ovs;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;

/** The words of ovs-ofctl that differ between IPv4 and IPv6. */
enum Family {
    IPV4("ip", "nw_src", "nw_dst", "ip_dst", "reg7"),
    IPV6("ipv6", "ipv6_src", "ipv6_dst", "ipv6_dst", "xxreg2");

    private final String match;
    private final String source;
    private final String destination;
    private final String destinationField;
    private final String nextHop;

    Family(String match, String source, String destination, String destinationField, String nextHop) {
        this.match = match;
        this.source = source;
        this.destination = destination;
        this.destinationField = destinationField;
        this.nextHop = nextHop;
    }

    static Family of(IpAddress address) {
        return switch (address) {
            case Ipv4Address _ -> IPV4;
            case Ipv6Address _ -> IPV6;
        };
    }

    /** Matches packets of this family. */
    String match() {
        return match;
    }

    IpPrefix multicast() {
        return IpPrefix.parse(this == IPV4 ? "224.0.0.0/4" : "ff00::/8");
    }

    String source(IpAddress address) {
        return source + "=" + address;
    }

    String destination(IpAddress address) {
        return destination + "=" + address;
    }

    /** Starts with a comma; empty for all addresses. */
    String source(IpPrefix prefix) {
        return prefix.length() == 0 ? "" : "," + source + "=" + prefix;
    }

    /** Starts with a comma; empty for all addresses. */
    String destination(IpPrefix prefix) {
        return prefix.length() == 0 ? "" : "," + destination + "=" + prefix;
    }

    /** The action that takes the destination for the next hop. */
    String destinationIsNextHop() {
        return "move:" + destinationField + "[]->" + nextHop + "[],";
    }

    String setNextHop(IpAddress address) {
        return FlowProgram.set(value(address), nextHop);
    }

    String nextHop(IpAddress address) {
        return nextHop + "=" + value(address);
    }

    String nextHop(IpPrefix prefix) {
        return nextHop(prefix.address()) + "/"
                + value(IpPrefix.of(allOnes(), prefix.length()).address());
    }

    private IpAddress allOnes() {
        return this == IPV4 ? new Ipv4Address(-1) : new Ipv6Address(-1, -1);
    }

    private static String value(IpAddress address) {
        return switch (address) {
            case Ipv4Address v4 -> String.format("0x%08x", v4.value());
            case Ipv6Address v6 -> String.format("0x%016x%016x", v6.high(), v6.low());
        };
    }
}
