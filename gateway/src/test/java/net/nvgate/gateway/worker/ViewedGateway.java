package net.nvgate.gateway.worker;

import java.util.List;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.control.DataPath;
import net.nvgate.gateway.control.EventCounts;
import net.nvgate.gateway.control.TableLimits;
import net.nvgate.gateway.control.TablePolicy;
import net.nvgate.gateway.control.WorkerThread;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.neighbor.NeighborCounters;
import net.nvgate.gateway.route.TestMemory;
import net.nvgate.gateway.talkers.TrafficWatch;
import org.jspecify.annotations.Nullable;

/** The worker of {@link Net} and {@link Net6} as observers see it, for tests of views; tenants 1 and 2 have names, 1 has NAT64. */
public final class ViewedGateway implements AutoCloseable {

    private final TestGateway gateway = Net6.on(new TestGateway());
    private final TablePolicy policy = new TablePolicy(gateway.tables, TableLimits.DEFAULT, _ -> {});

    private @Nullable TrafficWatch traffic;

    /** @param settings of the tenants whose RDIDs are {@code rdids}, besides their names */
    public ViewedGateway(List<PolicyObject> settings) throws PolicyRejectedException {
        this(settings, 1024, 65535);
    }

    /** @param portMin of the external address of tenant 1 */
    public ViewedGateway(List<PolicyObject> settings, int portMin, int portMax) throws PolicyRejectedException {
        policy.replace(new PolicySnapshot(1, settings));
        gateway.nat(1, 1, portMin, portMax);
        gateway.nat(2, 2, 1024, 65535);
        Ipv6Address prefix = Ipv6Address.parse("2001:db8:64::");
        gateway.tables.nat64.put(1, prefix, 96);
        gateway.tables.nat64.putDefault(1, prefix, 96);
        gateway.tables.epochs.bump(1);
    }

    public DataPath path() {
        WorkerThread thread = new WorkerThread(0, -1, gateway.worker, _ -> {});
        TrafficWatch watch =
                traffic == null ? new TrafficWatch(List.of(thread.traffic()), TestMemory::allocate) : traffic;
        traffic = watch;
        return new DataPath(
                List.of(),
                List.of(thread),
                TestGateway.CONFIG,
                policy,
                gateway.tables,
                gateway.neighbors,
                new NeighborCounters(),
                gateway.pool(),
                watch,
                new EventCounts(),
                0,
                "test");
    }

    /** UDP of VM 1 (192.168.1.3) of a tenant to 203.0.113.50. */
    public void sendUdp(int tenant, int sourcePort, int destinationPort) {
        gateway.intoPa(Net.fromVm1(tenant, Net.udp(Net.VM1, Net.SERVER, sourcePort, destinationPort)));
    }

    /** UDP of VM 1 of tenant 1 that must not be fragmented, and is larger than the external port's MTU. */
    public void sendTooBig() {
        byte[] l4 = Wire.udp(Net.VM1, Net.SERVER, 4000, 53, new byte[1500]);
        gateway.intoPa(Net.fromVm1(1, Wire.ipv4(Net.VM1, Net.SERVER, Wire.UDP, 64, 7, 0x4000, 0, l4)));
    }

    /** UDP of IPv6 VM 1 (fd00:1::3) of tenant 1 to 203.0.113.50. */
    public void sendUdp6(int sourcePort, int destinationPort) {
        byte[] server = Wire6.address("2001:db8:64::203.0.113.50");
        gateway.intoPa(Net6.fromVm1(1, Wire6.udpPacket(Net6.VM1, server, sourcePort, destinationPort)));
    }

    /** As {@link #sendUdp6}, of VM 2 (fd00:1::4). */
    public void sendUdp6FromVm2(int sourcePort, int destinationPort) {
        byte[] server = Wire6.address("2001:db8:64::203.0.113.50");
        gateway.intoPa(Net6.fromVm2(1, Wire6.udpPacket(Net6.VM2, server, sourcePort, destinationPort)));
    }

    /** UDP of 203.0.113.50 to the external address of a tenant. */
    public void answerUdp(int tenant, int externalPort, int sourcePort) {
        gateway.intoExt(Net.fromOutside(Net.udp(Net.SERVER, Net.NAT[tenant], sourcePort, externalPort)));
    }

    /** Someone wants to know of sessions; before the first packet. */
    public SessionEvents tellSessions(boolean made) {
        return gateway.worker.tellSessions(TableMemory::allocate, made);
    }

    /** As {@link #tellSessions}, of mappings. */
    public MappingEvents tellMappings() {
        return gateway.worker.tellMappings(TableMemory::allocate);
    }

    /** The worker's clock, ms. */
    public long nowMs() {
        return gateway.nowMs();
    }

    /** Time passes, in steps of a second. */
    public void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            gateway.turnAfter(1_000);
        }
    }

    /** Something happened to VM 1 of tenant 1. */
    public void report(EventKind kind) {
        gateway.worker.events().report(kind, 1, Net.VM1, Net.NAT[1], Wire.UDP);
    }

    /** Something happened to so many tenants at once. */
    public void reportOf(int tenants) {
        for (int tenant = 1; tenant <= tenants; tenant++) {
            gateway.worker.events().report(EventKind.TENANT_QUOTA, tenant, Net.VM1, Net.NAT[1], Wire.UDP);
        }
    }

    /** A turn of the worker after some time: it does what it was told. */
    public void turn() {
        gateway.turnAfter(2);
    }

    /** Hosts of tenant 1 get blocks of 64 ports. */
    public void portBlocks() {
        gateway.settings(1, settings -> settings.withPortBlockSize(64));
    }

    /** As if the worker had given so many blocks. */
    public void tellBlocks(int count) {
        for (int i = 0; i < count; i++) {
            gateway.worker.nat().blockEvents().tell(true, 1, Net.VM1, Net.NAT[1], 2048, 6, 0);
        }
    }

    /** Someone asks for a mapping of VM 1 of tenant 1 for an hour (RFC 6887). */
    public void map(int insidePort) {
        long nowMs = Worker.nowMs();
        gateway.worker.nat().map(1, Net.VM1, insidePort, Wire.UDP, insidePort, nowMs + 3_600_000, nowMs);
    }

    @Override
    public void close() {
        gateway.close();
    }
}
