package net.nvgate.gateway.control;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.nat64.InsideHosts;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.EventKind;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the workers' events to the log, one line each: {@code event=KIND count=N vmNetwork=... rdid=... inside=... ...}. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int EVENTS_PER_TURN = 64;

    private final List<WorkerThread> workers;
    private final TablePolicy policy;
    private final EventSink sink;
    private final long[] notTold;

    EventLog(List<WorkerThread> workers, TablePolicy policy, EventSink sink) {
        this.workers = List.copyOf(workers);
        this.policy = policy;
        this.sink = sink;
        this.notTold = new long[workers.size()];
    }

    /** Writes what has come, at most {@link #EVENTS_PER_TURN} of each worker; the events written. */
    int doWork() {
        int written = 0;
        for (int number = 0; number < workers.size(); number++) {
            WorkerThread worker = workers.get(number);
            for (int i = 0; i < EVENTS_PER_TURN; i++) {
                Event event = worker.events().poll();
                if (event == null) {
                    break;
                }
                tell(event, inside(event, worker));
                written++;
            }
            long missing = worker.events().lost() - notTold[number];
            if (missing > 0) {
                notTold[number] += missing;
                sink.eventsMissing(missing);
            }
        }
        return written;
    }

    /** Writes one that no worker told. */
    void tell(Event event, Optional<IpAddress> address) {
        LOG.warn("{}", line(event, address, policy.tenant(event.domain()).orElse(null)));
        sink.event(event, address);
    }

    /** Empty if none is known, or the handle of an IPv6 host has been given back meanwhile. */
    private static Optional<IpAddress> inside(Event event, WorkerThread worker) {
        int address = event.insideAddress();
        return InsideHosts.isHandle(address)
                ? worker.hosts().address(address).map(IpAddress.class::cast)
                : Optional.<IpAddress>of(new Ipv4Address(address)).filter(_ -> address != 0);
    }

    static String line(Event event, Optional<IpAddress> inside, TablePolicy.@Nullable TenantName tenant) {
        StringBuilder line = new StringBuilder("event=").append(event.kind().label());
        line.append(" count=").append(event.count());
        if (tenant != null) {
            line.append(" vmNetwork=\"").append(tenant.vmNetwork()).append('"');
            line.append(" rdid=").append(tenant.rdid());
        }
        String whose = event.kind() == EventKind.NEIGHBOR_LOST ? " neighbor=" : " insideAddress=";
        inside.ifPresent(address -> line.append(whose).append(address));
        if (event.externalAddress() != 0) {
            line.append(" externalAddress=").append(new Ipv4Address(event.externalAddress()));
        }
        if (event.protocol() != 0) {
            line.append(" protocol=").append(event.protocol());
        }
        return line.append(" meaning=\"")
                .append(event.kind().explanation())
                .append('"')
                .toString();
    }
}
