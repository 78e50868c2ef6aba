package net.nvgate.gateway.export;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.policy.PolicyObject.RoutingDomain;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.config.CollectorSettings;
import net.nvgate.gateway.config.CollectorSettings.Protocol;
import net.nvgate.gateway.config.CollectorSettings.Transport;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.config.CollectorTls;
import net.nvgate.gateway.config.ExportSettings;
import net.nvgate.gateway.control.KeptEnd;
import net.nvgate.gateway.control.WorkerThread;
import net.nvgate.gateway.dpdk.TableMemory;
import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.EventKind;
import net.nvgate.gateway.worker.SessionEvents;
import net.nvgate.gateway.worker.ViewedGateway;

/** A worker with real packets of tenants blue and red, and the export of what it does. */
final class Exporting implements AutoCloseable {

    static final UUID BLUE = new UUID(0, 1);
    static final UUID RED = new UUID(0, 2);
    static final int ACTIVE_TIMEOUT_SECONDS = 60;

    final ViewedGateway gateway;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Export export;
    private boolean ended;

    Exporting(CollectorSettings... collectors) throws PolicyRejectedException {
        gateway = new ViewedGateway(List.of(new RoutingDomain(BLUE, "blue"), new RoutingDomain(RED, "red")));
        gateway.portBlocks();
        SessionEvents sessions = gateway.tellSessions(true);
        export = new Export(
                new ExportSettings(1, 32473, ACTIVE_TIMEOUT_SECONDS, List.of(collectors)),
                "gw1",
                gateway.path().policy(),
                gateway.path().tables(),
                List.of(sessions),
                List.of(gateway.tellMappings()),
                64,
                TableMemory::allocate,
                gateway::nowMs,
                meters);
    }

    static CollectorSettings collector(Protocol protocol, Transport transport, int port, What... what) {
        return collector(protocol, transport, port, CollectorTls.DEFAULT, 1 << 20, List.of(), what);
    }

    static CollectorSettings collector(
            Protocol protocol,
            Transport transport,
            int port,
            CollectorTls tls,
            int queueBytes,
            List<String> tenants,
            What... what) {
        return new CollectorSettings(
                protocol + "-" + transport,
                protocol,
                transport,
                "127.0.0.1",
                port,
                Set.of(what),
                tenants,
                tls,
                60,
                1400,
                queueBytes,
                16);
    }

    static CollectorSettings named(CollectorSettings one, String name) {
        return new CollectorSettings(
                name,
                one.protocol(),
                one.transport(),
                one.address(),
                one.port(),
                one.what(),
                one.tenants(),
                one.tls(),
                one.templateSeconds(),
                one.messageBytes(),
                one.queueBytes(),
                one.facility());
    }

    /** Port by which a port of VM 1 of tenant 1 left. */
    int externalPort(int insidePort) {
        return gateway.path().workers().getFirst().sessions().list(SessionFilter.ALL, 64, gateway.nowMs()).stream()
                .filter(session -> session.insidePort() == insidePort)
                .findFirst()
                .orElseThrow()
                .externalPort();
    }

    /** As if something happened, many times. */
    void tell(EventKind kind, int times) {
        for (int i = 0; i < times; i++) {
            export.event(new Event(kind, 1, 0, 0, 0, 1), Optional.empty());
        }
    }

    /** Something of before a restart does not go on. */
    boolean ended(KeptEnd end) {
        return export.ended(end);
    }

    /** What the control thread does: passes on what it would write to the log. */
    void control() {
        WorkerThread worker = gateway.path().workers().getFirst();
        PortBlockEvents blocks = worker.nat().blockEvents();
        blocks.poll().ifPresent(block -> {
            export.block(block);
            control();
        });
        for (Event event = worker.events().poll();
                event != null;
                event = worker.events().poll()) {
            export.event(event, Optional.of(IpAddress.parse("192.168.1.3")));
        }
    }

    /** Sum of a collector's counters of a name. */
    double counted(String name) {
        return meters.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    void awaitRecords(int count) throws Exception {
        Wait.until(count + " records", () -> counted("nvgate.export.records") >= count);
    }

    /** Tells what has come, and nothing more. */
    void end() {
        if (!ended) {
            ended = true;
            export.close();
        }
    }

    @Override
    public void close() {
        end();
        gateway.close();
    }
}
