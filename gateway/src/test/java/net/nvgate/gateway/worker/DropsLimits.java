package net.nvgate.gateway.worker;

import net.nvgate.gateway.route.RateLimits;

/** What leads to drops by limits of traffic: one packet too many. */
final class DropsLimits extends DropCases {

    private static final byte[] BIG = packet(4000, 1400);
    private static final byte[] SMALL = packet(4000, 8);

    DropsLimits(Taker taker) {
        super(taker);
    }

    @Override
    void all() {
        with(DropReason.LIMIT_BANDWIDTH_OUT, "second large packet at once", g -> {
            limit(g, new RateLimits.Row(0, 1, 0, 0, false, false));
            g.intoPa(Net.fromVm1(1, BIG), Net.fromVm1(1, BIG));
        });
        with(DropReason.LIMIT_BANDWIDTH_IN, "second large answer at once", g -> {
            limit(g, new RateLimits.Row(1, 0, 0, 0, false, false));
            answers(g, BIG, 2);
        });
        with(DropReason.LIMIT_PACKETS_OUT, "third packet at once", g -> {
            limit(g, new RateLimits.Row(0, 0, 0, 1, false, false));
            g.intoPa(Net.fromVm1(1, SMALL), Net.fromVm1(1, SMALL), Net.fromVm1(1, SMALL));
        });
        with(DropReason.LIMIT_PACKETS_IN, "third answer at once", g -> {
            limit(g, new RateLimits.Row(0, 0, 1, 0, false, false));
            answers(g, SMALL, 3);
        });
        with(DropReason.LIMIT_QUEUE_FULL, "33 wait, one of them large", g -> {
            limit(g, new RateLimits.Row(0, 1, 0, 0, true, false));
            g.intoPa(Net.fromVm1(1, BIG), Net.fromVm1(1, packet(4001, 1400)));
            while (g.drops().isEmpty()) {
                g.intoPa(Net.fromVm1(1, SMALL));
            }
        });
        with(DropReason.LIMIT_QUEUE_DELAY, "a second behind others", g -> {
            limit(g, new RateLimits.Row(0, 100, 0, 0, true, false));
            for (int i = 0; i < 5; i++) {
                g.intoPa(Net.fromVm1(1, BIG));
            }
            while (g.drops().isEmpty()) {
                g.turnAfter(100);
                g.intoPa(Net.fromVm1(1, BIG));
            }
        });
    }

    private static void limit(TestGateway gateway, RateLimits.Row row) {
        gateway.tables.rates.setTenant(1, row);
        gateway.tables.epochs.bump(1);
    }

    private static void answers(TestGateway gateway, byte[] question, int count) {
        byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, SMALL)).onlyExt());
        int external = Wire.i32(sent, 12);
        byte[] udp = Wire.udp(Net.SERVER, external, 53, Wire.u16(sent, 20), new byte[question.length - 28]);
        byte[] answer = Wire.ipv4(Net.SERVER, external, Wire.UDP, udp);
        for (int i = 0; i < count; i++) {
            gateway.intoExt(Net.fromOutside(answer));
        }
    }

    private static byte[] packet(int port, int data) {
        byte[] udp = Wire.udp(Net.VM1, Net.SERVER, port, 53, new byte[data]);
        return Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, udp);
    }
}
