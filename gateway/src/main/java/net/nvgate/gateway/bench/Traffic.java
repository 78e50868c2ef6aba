package net.nvgate.gateway.bench;

import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import net.nvgate.gateway.dpdk.Mbuf;
import net.nvgate.gateway.worker.WorkerCounter;

/** The packets of a measurement, and the sessions that they belong to. */
final class Traffic implements AutoCloseable {

    /** IP bytes inside a frame of 60 bytes. */
    private static final int SMALL = 46;

    /** Every packet as small as can be. */
    static final IntUnaryOperator ALL_SMALL = _ -> SMALL;

    /** Simple IMIX: of twelve packets seven are small, four of 576 bytes, one as large as fits the tunnel of a 1500-byte network. */
    static final IntUnaryOperator IMIX = flow -> flow % 12 < 7 ? SMALL : flow % 12 < 11 ? 576 : 1_458;

    /** So many flows have packets of all sizes of {@link #IMIX}. */
    private static final int IMIX_FLOWS = 12;

    private static final long SEED = 42;

    private final Work work;
    private final BenchGateway gateway;
    private final BenchPorts ports;
    private final int flows;
    final Generator intoPa;
    final Generator intoExt;

    /**
     * Writes the packets; the answers of NAT are written when it is known where they go, by {@link #open}.
     *
     * @param arrays room for twice 64 mbuf addresses
     * @param ipBytes size of a flow's inner IP packets
     */
    Traffic(Work work, BenchGateway gateway, BenchPorts ports, long arrays, IntUnaryOperator ipBytes) {
        this(work, gateway, ports, arrays, ipBytes, _ -> true);
    }

    /** @param mine flows of the shape that these packets are of, at least one */
    Traffic(
            Work work,
            BenchGateway gateway,
            BenchPorts ports,
            long arrays,
            IntUnaryOperator ipBytes,
            IntPredicate mine) {
        this.work = work;
        this.gateway = gateway;
        this.ports = ports;
        BenchShape shape = gateway.shape;
        int[] numbers = IntStream.range(0, shape.sessions()).filter(mine).toArray();
        flows = numbers.length;
        int remote = work.hasSessions() ? BenchFabric.SERVER : BenchFabric.SITE;
        long paMac = ports.paSource.mac().value();
        long extMac = ports.extSource.mac().value();
        // Of few flows a burst has several packets.
        int packets = Math.ceilDiv(Generator.BURST, flows) * flows;
        boolean small = IntStream.of(numbers).limit(IMIX_FLOWS).allMatch(flow -> ipBytes.applyAsInt(flow) == SMALL);
        PacketList out = new PacketList(
                small ? PacketList.Form.TUNNEL : PacketList.Form.ANY, work == Work.ROUTE_IN ? 0 : packets);
        for (int i = 0; i < out.size(); i++) {
            int flow = numbers[i % flows];
            int bytes = ipBytes.applyAsInt(flow);
            out.put(i, BenchPackets.outbound(out.frame(), shape, flow, remote, bytes, paMac));
        }
        PacketList in = new PacketList(
                small && work.hasSessions() ? PacketList.Form.UNTAGGED : PacketList.Form.ANY,
                work.fromExt() ? packets : 0);
        for (int i = 0; work == Work.ROUTE_IN && i < packets; i++) {
            int flow = numbers[i % flows];
            in.put(i, BenchPackets.fromSite(in.frame(), shape, flow, ipBytes.applyAsInt(flow), extMac));
        }
        intoPa = ports.intoPa(arrays, out);
        intoExt = ports.intoExt(arrays + 8L * Generator.BURST, in);
    }

    /**
     * Makes every session by its first packet, learns from what goes out where answers go, and mixes the order of the packets.
     *
     * @return nanoseconds from the first packet to the last one
     */
    long open() {
        long start = System.nanoTime();
        long sessions = gateway.count(WorkerCounter.SESSIONS_CREATED);
        if (work.hasSessions()) {
            for (int done = 0; done < intoPa.list().size(); ) {
                int sent = intoPa.send();
                gateway.turn();
                for (int i = 0; work.fromExt() && i < sent; i++) {
                    learn(i);
                }
                done += sent;
            }
        }
        long nanos = System.nanoTime() - start;
        gateway.requireNothingDropped();
        sessions = gateway.count(WorkerCounter.SESSIONS_CREATED) - sessions;
        if (work.hasSessions() && sessions != flows) {
            throw new IllegalStateException("there are " + sessions + " sessions, not " + flows);
        }
        intoPa.list().shuffle(SEED);
        intoExt.list().shuffle(SEED + 1);
        return nanos;
    }

    /** Flows that its packets are of. */
    int flows() {
        return flows;
    }

    /** Sends from the beginning again. */
    void rewind() {
        intoPa.rewind();
        intoExt.rewind();
    }

    /** No session is made yet: they come and go, as packets are sent that nobody has sent for long. */
    void slide() {
        intoPa.list().shuffle(SEED);
        intoPa.slide();
    }

    private void learn(int i) {
        PacketList answers = intoExt.list();
        int place = intoPa.sentPlace(i);
        long sent = Mbuf.dataAddress(intoPa.sentMbuf(i));
        long mac = ports.extSource.mac().value();
        answers.put(place, BenchPackets.answer(answers.frame(), sent, mac));
    }

    /** Puts a burst where the worker receives it, on each side that the work has; packets sent. */
    int send() {
        int sent = work.fromPa() ? intoPa.send() : 0;
        return work.fromExt() ? sent + intoExt.send() : sent;
    }

    /** Throws unless the packets of the last burst went out as they should. */
    void check() {
        PacketCheck check = new PacketCheck(gateway.shape, work.hasSessions());
        for (int i = 0; work.fromPa() && i < intoPa.sentCount(); i++) {
            PacketList list = intoPa.list();
            int length = list.get(intoPa.sentPlace(i));
            check.outbound(list.frame(), length, intoPa.sentMbuf(i));
        }
        for (int i = 0; work.fromExt() && i < intoExt.sentCount(); i++) {
            PacketList list = intoExt.list();
            int length = list.get(intoExt.sentPlace(i));
            check.inbound(list.frame(), length, intoExt.sentMbuf(i));
        }
    }

    @Override
    public void close() {
        intoPa.list().close();
        intoExt.list().close();
    }
}
