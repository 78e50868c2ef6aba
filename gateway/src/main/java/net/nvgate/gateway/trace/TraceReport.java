package net.nvgate.gateway.trace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.nvgate.gateway.watch.FrameView;
import net.nvgate.gateway.watch.Side;
import net.nvgate.gateway.watch.Step;
import net.nvgate.gateway.watch.WatchedPacket;
import net.nvgate.gateway.watch.WatchedPacket.Decision;
import net.nvgate.gateway.watch.WatchedPacket.Drop;
import net.nvgate.gateway.watch.WatchedPacket.Frame;
import net.nvgate.gateway.worker.DropReason;

/** Tells what became of a packet: a verdict, one sentence, and every decision on its way with the object that caused it. */
public final class TraceReport {

    /** What became of a packet. */
    public enum Verdict {
        FORWARDED,
        DROPPED,
        /** The gateway itself has answered. */
        ANSWERED,
        /** It waits, for a neighbour or a verdict. */
        WAITING,
        /** It ended at the gateway, which was its destination. */
        CONSUMED
    }

    private static final Set<Step> WAITING = Set.of(Step.WAITS_FOR_NEIGHBOR, Step.SYN_HELD, Step.WAITS_FOR_LIMIT);

    private static final Frame NO_FRAME = new Frame(0, Side.PA, false, 0, new byte[0]);

    private final TraceNames names;
    private final int tenant;
    private final boolean forTenant;
    private final StepText steps;
    private final FrameBytes frames = new FrameBytes();

    /** @param tenant routing domain for whose eyes it is: nothing of the provider's network or of other tenants; 0 = for the operator's */
    public TraceReport(TraceNames names, int tenant) {
        this.names = names;
        this.tenant = tenant;
        this.forTenant = tenant != 0;
        this.steps = new StepText(names, forTenant);
    }

    /** A packet's report, ready to become JSON. */
    public Map<String, Object> of(WatchedPacket packet) {
        steps.about(packet);
        Optional<DropReason> reason = reason(packet);
        Verdict verdict = verdict(packet, reason.isPresent());
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("packet", frames.conversation(first(packet)));
        report.put("verdict", verdict.name());
        reason.filter(_ -> !forTenant || !endsElsewhere(packet, tenant))
                .ifPresent(dropped -> report.put("reason", dropped.label()));
        report.put("summary", summary(packet, verdict, reason));
        report.put("steps", steps(packet));
        return report;
    }

    /** Whether the last decision about a packet is another tenant's: then why it was dropped is, too. */
    public static boolean endsElsewhere(WatchedPacket packet, int tenant) {
        return packet.records().stream()
                .filter(Decision.class::isInstance)
                .map(record -> domain((Decision) record))
                .filter(domain -> domain != 0)
                .reduce((_, last) -> last)
                .filter(last -> last != tenant)
                .isPresent();
    }

    private static Frame first(WatchedPacket packet) {
        return packet.records().getFirst() instanceof Frame frame ? frame : NO_FRAME;
    }

    /** The first reason is the packet's own; later ones are of what came of it, such as an ICMP error. */
    private static Optional<DropReason> reason(WatchedPacket packet) {
        return packet.records().stream()
                .filter(Drop.class::isInstance)
                .map(record -> DropReason.of(((Drop) record).reason()))
                .findFirst();
    }

    private static boolean has(WatchedPacket packet, Step step) {
        return packet.records().stream()
                .anyMatch(record -> record instanceof Decision decision && decision.step() == step);
    }

    private static Optional<Frame> sent(WatchedPacket packet) {
        return packet.records().stream()
                .filter(record -> record instanceof Frame frame && frame.out())
                .map(Frame.class::cast)
                .reduce((_, last) -> last);
    }

    private static Verdict verdict(WatchedPacket packet, boolean dropped) {
        if (dropped) {
            return Verdict.DROPPED;
        }
        if (WAITING.stream().anyMatch(step -> has(packet, step))) {
            return Verdict.WAITING;
        }
        boolean routed = has(packet, Step.ROUTE) || has(packet, Step.ROUTE6) || has(packet, Step.SESSION);
        boolean local = has(packet, Step.LOCAL) || !routed;
        return sent(packet).isEmpty() ? Verdict.CONSUMED : local ? Verdict.ANSWERED : Verdict.FORWARDED;
    }

    private String summary(WatchedPacket packet, Verdict verdict, Optional<DropReason> reason) {
        return switch (verdict) {
            case DROPPED -> "dropped: " + cause(packet, reason.orElseThrow());
            case WAITING -> "waits: " + lastText(packet);
            case CONSUMED -> "ended at the gateway, which it was for";
            case ANSWERED -> "answered by the gateway itself";
            case FORWARDED ->
                "forwarded: " + sent(packet).map(frame -> way(frame, packet)).orElse("");
        };
    }

    private String lastText(WatchedPacket packet) {
        return packet.records().stream()
                .filter(record -> record instanceof Decision decision && WAITING.contains(decision.step()))
                .map(Decision.class::cast)
                .filter(decision -> !forTenant || domain(decision) == 0 || domain(decision) == tenant)
                .map(steps::of)
                .findFirst()
                .orElse("the network that it goes to does not take it yet");
    }

    private String cause(WatchedPacket packet, DropReason reason) {
        if (forTenant && endsElsewhere(packet, tenant)) {
            return "the network that it goes to does not take it";
        }
        FrameView view = frames.read(first(packet));
        int domain = domain(packet);
        return new CauseText(names, forTenant).of(reason, view, domain, packet);
    }

    static int domain(WatchedPacket packet) {
        for (WatchedPacket.Record record : packet.records()) {
            if (record instanceof Decision decision) {
                return domain(decision);
            }
        }
        return 0;
    }

    /** The routing domain that a decision is about, 0 if it is about none. */
    public static int domain(Decision decision) {
        return switch (decision.step()) {
            case VSID -> (int) decision.b();
            case TOO_BIG -> (int) decision.c();
            case WAITS_FOR_NEIGHBOR, SYN_HELD -> 0;
            default -> (int) decision.a();
        };
    }

    private String way(Frame frame, WatchedPacket packet) {
        if (!isShown(frame) && frame.side() == Side.PA) {
            return frames.conversation(first(packet)) + ", to the network outside";
        }
        String what = frames.conversation(frame);
        FrameView view = frames.read(frame);
        if (view.vsid() == FrameView.NONE) {
            return what
                    + (forTenant
                            ? ", to the network outside"
                            : ", by port " + frame.side().label());
        }
        String into = what + ", into virtual subnet " + view.vsid() + named(names.subnet(view.vsid()));
        return forTenant ? into : into + ", by port " + frame.side().label() + outer(frame.bytes());
    }

    /** Provider address that an NVGRE frame in IPv4 goes to, without a tag. */
    private static String outer(byte[] frame) {
        boolean ipv4 = frame.length > 34 && frame[12] == 8 && frame[13] == 0;
        return ipv4
                ? " to provider address " + (frame[30] & 255) + "." + (frame[31] & 255) + "." + (frame[32] & 255) + "."
                        + (frame[33] & 255)
                : "";
    }

    static String named(String name) {
        return name.isEmpty() ? "" : " (" + name + ")";
    }

    private List<Map<String, Object>> steps(WatchedPacket packet) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (WatchedPacket.Record record : packet.records()) {
            switch (record) {
                case Frame frame when !isShown(frame) -> {}
                case Decision decision when forTenant && domain(decision) != tenant -> {}
                case Decision decision when steps.isHidden(decision) -> {}
                case Frame frame -> rows.add(row(frame.out() ? "sent" : "received", text(frame)));
                case Decision decision -> rows.add(row(label(decision.step()), steps.of(decision)));
                case Drop _ when forTenant && endsElsewhere(packet, tenant) -> {}
                case Drop drop -> rows.add(row("drop", text(DropReason.of(drop.reason()))));
            }
        }
        return rows;
    }

    /** To a tenant, what is in its own virtual subnets. */
    private boolean isShown(Frame frame) {
        int vsid = frames.read(frame).vsid();
        return !forTenant || (vsid != FrameView.NONE && names.domain(vsid) == tenant);
    }

    private String text(Frame frame) {
        String what = frames.conversation(frame);
        FrameView view = frames.read(frame);
        String tunnel = view.vsid() == FrameView.NONE ? "" : " in NVGRE of VSID " + view.vsid();
        return forTenant ? what : "port " + frame.side().label() + ", " + frame.length() + " bytes: " + what + tunnel;
    }

    private static String text(DropReason reason) {
        return reason.label() + ": " + reason.explanation();
    }

    private static String label(Step step) {
        return step.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static Map<String, Object> row(String step, String text) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("step", step);
        row.put("text", text);
        return row;
    }
}
