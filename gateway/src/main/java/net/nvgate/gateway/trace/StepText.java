package net.nvgate.gateway.trace;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.acl.AclRuleName;
import net.nvgate.gateway.police.Meters;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.watch.WatchedPacket.Decision;

/** One decision in words. */
final class StepText {

    private static final String BUSY_PORT = "the gateway's port is busy";

    private final TraceNames names;
    private final boolean forTenant;
    private final Map<Integer, IpAddress> hosts = new HashMap<>();

    StepText(TraceNames names, boolean forTenant) {
        this.names = names;
        this.forTenant = forTenant;
    }

    /** Before the decisions about a packet: which IPv6 hosts its handles stand for. */
    void about(WatchedPacket packet) {
        hosts.clear();
        for (WatchedPacket.Record record : packet.records()) {
            if (record instanceof Decision step && step.step() == Step.NAT64) {
                hosts.put((int) (step.d() >>> 32), new Ipv6Address(step.b(), step.c()));
            }
        }
    }

    String of(Decision step) {
        return switch (step.step()) {
            case VSID ->
                "VSID " + step.a() + TraceReport.named(names.subnet((int) step.a())) + " of VM network "
                        + names.network((int) step.b());
            case SOURCE -> source(step, new Ipv4Address((int) step.b()), (int) step.c());
            case SOURCE6 -> source(step, new Ipv6Address(step.b(), step.c()), (int) (step.a() >>> 32));
            case ROUTE -> route((int) step.a(), new Ipv4Address((int) step.b()));
            case ROUTE6 -> route((int) step.a(), new Ipv6Address(step.b(), step.c()));
            case SESSION -> "session of " + end(step.b()) + " as " + end(step.c()) + " with " + end(step.d());
            case NAT_EXEMPTION ->
                "a NAT exemption: " + inside((int) step.b()) + " reaches " + new Ipv4Address((int) step.c())
                        + " without translation";
            case NAT_ONE_TO_ONE ->
                "1:1 NAT: " + inside((int) step.b()) + " is " + new Ipv4Address((int) step.c()) + " outside";
            case NAT_RULE -> rule(step);
            case NAT_MAPPING -> "NAT: " + end(step.b()) + " is " + end(step.c()) + " outside";
            case NAT64 ->
                "NAT64: " + new Ipv6Address(step.b(), step.c()) + " speaks IPv4 with "
                        + new Ipv4Address((int) step.d());
            case NPTV6 ->
                "NPTv6: the " + (step.d() == 1 ? "source is " : "destination is ") + new Ipv6Address(step.b(), step.c())
                        + (step.d() == 1 ? " outside" : " inside");
            case TOO_BIG -> step.a() + " bytes do not fit the MTU of " + step.b();
            case WAITS_FOR_NEIGHBOR ->
                forTenant
                        ? "the next hop does not answer yet"
                        : "neighbour " + FrameBytes.address(step.b(), step.c())
                                + " has not answered ARP or neighbour discovery";
            case SYN_HELD -> "nobody asked for this connection; it is refused unless the tenant's host opens it, too";
            case ACL -> (step.d() == 1 ? "allowed by " : "") + acl(step);
            case LIMIT -> isBusyPort(step) ? BUSY_PORT : "faster than " + limit(step);
            case WAITS_FOR_LIMIT -> isBusyPort(step) ? BUSY_PORT : "in the queue of " + limit(step);
            case LOCAL -> "for " + new Ipv4Address((int) step.b()) + ", an address of the gateway";
        };
    }

    /** Whether it is the provider's alone: that one of its lists lets a packet pass is not for tenants, nor what nobody can name any more. */
    boolean isHidden(Decision step) {
        return forTenant
                && step.step() == Step.ACL
                && step.d() == 1
                && aclRule(step).map(AclRuleName::provider).orElse(true);
    }

    private Optional<AclRuleName> aclRule(Decision step) {
        return names.aclRule((int) step.a(), step.b() == 1, (int) (step.c() >>> 32), (int) step.c());
    }

    private String acl(Decision step) {
        return aclRule(step)
                .map(forTenant ? AclRuleName::forTenant : AclRuleName::toString)
                .orElse("a port ACL");
    }

    /** How fast the provider's ports are is not for tenants. */
    private boolean isBusyPort(Decision step) {
        return forTenant && kind(step) == Meters.PORT;
    }

    private static int kind(Decision step) {
        return (int) step.b() >>> 8 & 0xff;
    }

    private String limit(Decision step) {
        boolean inbound = (step.b() & 0xff) == Meters.INBOUND;
        boolean packets = step.b() >>> 16 == Meters.TOO_MANY_PACKETS || step.c() == 0;
        String network = names.network((int) step.a());
        String whose = switch (kind(step)) {
            case Meters.NIC -> "the maximum of the VM's port profile, VM network " + network;
            case Meters.CONNECTION -> "the limit of a NAT connection of VM network " + network;
            case Meters.TENANT -> "the limit of VM network " + network;
            default -> "the rate of port " + (inbound ? "pa" : "ext");
        };
        return whose + ", " + (packets ? step.d() + " packets per second" : step.c() + " kbit/s")
                + (inbound ? " from outside" : " to outside");
    }

    private String source(Decision step, IpAddress source, int outer) {
        Optional<TraceNames.Host> host = names.host((int) step.a(), source);
        if (step.d() == 1) {
            return "source " + source + host.map(StepText::vm).orElse("")
                    + (forTenant || outer == 0 ? "" : " is at provider address " + names.providerAddress(outer))
                    + (forTenant ? " is true" : "");
        }
        if (host.isEmpty()) {
            return source + " is in no lookup record";
        }
        return forTenant
                ? source + " is another host's address" + vm(host.get())
                : source + vm(host.get()) + " is at provider address "
                        + host.get().providerAddress() + ", the packet came from " + names.providerAddress(outer);
    }

    static String vm(TraceNames.Host host) {
        return host.vm().isEmpty() ? "" : " (VM " + host.vm() + ")";
    }

    private String route(int domain, IpAddress destination) {
        Optional<TraceNames.Host> host = names.host(domain, destination);
        if (host.isPresent()) {
            return "lookup record of " + destination + vm(host.get())
                    + (forTenant ? "" : " at provider address " + host.get().providerAddress());
        }
        return names.route(domain, destination)
                .map(route -> "route " + route + " to " + destination)
                .orElse("VM network " + names.network(domain) + " has no route to " + destination);
    }

    private String rule(Decision step) {
        IpAddress external = new Ipv4Address(Step.address(step.c()));
        int port = Step.port(step.c());
        String name = names.natRule(external, port, (int) step.d())
                .map(id -> " " + id)
                .orElse("");
        return "NAT rule" + name + ": " + end(step.c()) + " is " + end(step.b()) + " inside";
    }

    private String end(long endpoint) {
        IpAddress address = inside(Step.address(endpoint));
        String shown = address instanceof Ipv6Address ? "[" + address + "]" : address.toString();
        return shown + ":" + Step.port(endpoint);
    }

    /** The host behind a handle, as far as the packet in hand said whose it is. */
    private IpAddress inside(int address) {
        IpAddress host = hosts.get(address);
        return host == null ? new Ipv4Address(address) : host;
    }
}
