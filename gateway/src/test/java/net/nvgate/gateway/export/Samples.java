package net.nvgate.gateway.export;

import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.export.Observation.EndReason;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.export.Observation.OfBlock;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.worker.EventKind;

/** Observations of tenant 1, made at 2026-11-22T10:00:00.123Z. */
final class Samples {

    static final long AT_MS = 1_795_341_600_123L;

    private Samples() {}

    static OfSession session(Life life, String inside, String remote) {
        return new OfSession(
                life,
                1,
                6000,
                17,
                IpAddress.parse(inside),
                4000,
                v4("203.0.113.10"),
                4096,
                IpAddress.parse(remote),
                v4("203.0.113.50"),
                53,
                AT_MS,
                AT_MS - 5_000,
                AT_MS - 1_000,
                EndReason.IDLE_TIMEOUT,
                3,
                300,
                2,
                256,
                true,
                false);
    }

    static OfSession ipv4(Life life) {
        return session(life, "192.168.1.3", "203.0.113.50");
    }

    static OfSession ipv6(Life life) {
        return session(life, "fd00:1::3", "2001:db8:64::cb00:7132");
    }

    static OfBlock block(boolean assigned, String inside) {
        return new OfBlock(assigned, 1, 6000, IpAddress.parse(inside), v4("203.0.113.10"), 2048, 2111, 7, AT_MS, false);
    }

    static OfMapping mapping(MappingEvents.Kind kind, String inside) {
        return new OfMapping(kind, 1, 6000, 17, IpAddress.parse(inside), 4000, v4("203.0.113.10"), 4096, AT_MS, false);
    }

    static OfEvent event(EventKind kind, String inside) {
        int pool = kind == EventKind.NAT_ADDRESSES_EXHAUSTED || kind == EventKind.NAT_POOL_80 ? 7 : 0;
        return new OfEvent(kind, 1, IpAddress.parse(inside), v4("203.0.113.10"), 17, 42, pool, 9, AT_MS);
    }

    static Ipv4Address v4(String text) {
        return (Ipv4Address) IpAddress.parse(text);
    }
}
