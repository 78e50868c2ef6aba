package net.nvgate.gateway.trace;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.watch.WatchedPacket.Decision;
import net.nvgate.gateway.worker.DropReason;

/** Why a packet was dropped, in one sentence that names the object which is to blame. */
final class CauseText {

    private final TraceNames names;
    private final boolean forTenant;

    CauseText(TraceNames names, boolean forTenant) {
        this.names = names;
        this.forTenant = forTenant;
    }

    /** @param domain index of the tenant, 0 if it is not known */
    String of(DropReason reason, FrameView packet, int domain, WatchedPacket all) {
        String network = domain == 0 ? "" : names.network(domain);
        return switch (reason) {
            case UNKNOWN_VSID -> "VSID " + packet.vsid() + " is no virtual subnet of this gateway";
            case SPOOFED_SOURCE -> spoofed(packet, domain, all);
            case NO_RECORD ->
                "VM " + destination(packet) + " is not in a lookup record"
                        + (network.isEmpty() ? "" : " of VM network " + network);
            case NO_ROUTE -> "VM network " + network + " has no route to " + destination(packet);
            case BLACKHOLE_ROUTE -> "a blackhole route of VM network " + network + " forbids " + destination(packet);
            case TOO_BIG -> tooBig(all);
            case INNER_WRONG_MAC ->
                "the inner destination MAC is none of VSID " + packet.vsid()
                        + TraceReport.named(names.subnet(packet.vsid())) + "'s gateway";
            case NAT_PORTS_EXHAUSTED -> "VM network " + network + " has used up the ports of its external addresses";
            case NO_NAT -> "VM network " + network + " has no NAT connection";
            case ACL, ACL_REJECT ->
                last(all, Step.ACL).map(new StepText(names, forTenant)::of).orElse(reason.explanation());
            case LIMIT_BANDWIDTH_IN, LIMIT_BANDWIDTH_OUT, LIMIT_PACKETS_IN, LIMIT_PACKETS_OUT ->
                last(all, Step.LIMIT).map(new StepText(names, forTenant)::of).orElse(reason.explanation());
            case UNSOLICITED -> "no session, NAT rule or mapping wants " + destination(packet) + port(packet);
            default -> quota(reason, network, packet);
        };
    }

    private String quota(DropReason reason, String network, FrameView packet) {
        String label = reason.label();
        if (label.startsWith("quota-tenant")) {
            return label + " of VM network " + network + ": " + reason.explanation();
        }
        if (label.startsWith("quota-host")) {
            return label + " of " + source(packet) + ": " + reason.explanation();
        }
        return label + ": " + reason.explanation();
    }

    private String spoofed(FrameView packet, int domain, WatchedPacket all) {
        Optional<Decision> source = all.records().stream()
                .filter(record -> record instanceof Decision decision
                        && (decision.step() == Step.SOURCE || decision.step() == Step.SOURCE6))
                .map(Decision.class::cast)
                .findFirst();
        if (source.isPresent()) {
            return "VM " + new StepText(names, forTenant).of(source.get());
        }
        boolean known = names.host(domain, source(packet)).isPresent();
        return "VM " + source(packet) + (known ? " is not where the packet came from" : " is not in a lookup record");
    }

    private static Optional<Decision> last(WatchedPacket all, Step step) {
        return all.records().stream()
                .filter(record -> record instanceof Decision decision && decision.step() == step)
                .map(Decision.class::cast)
                .reduce((_, last) -> last);
    }

    private static String tooBig(WatchedPacket all) {
        return all.records().stream()
                        .filter(record -> record instanceof Decision decision && decision.step() == Step.TOO_BIG)
                        .map(record -> ((Decision) record).a() + " bytes do not fit the MTU of "
                                + ((Decision) record).b() + " bytes")
                        .findFirst()
                        .orElse("larger than the MTU")
                + ", and the packet must not be fragmented";
    }

    private static IpAddress source(FrameView packet) {
        return FrameBytes.address(packet.sourceHigh(), packet.sourceLow());
    }

    private static IpAddress destination(FrameView packet) {
        return FrameBytes.address(packet.destinationHigh(), packet.destinationLow());
    }

    private static String port(FrameView packet) {
        return packet.destinationPort() < 0 ? "" : ":" + packet.destinationPort();
    }
}
