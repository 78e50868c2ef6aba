package net.nvgate.gateway.control;

import java.util.List;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.gateway.flow.FlowKey;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.Events;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the workers' events to the log, one line each: {@code event=KIND count=N vmNetwork=... rdid=... inside=... ...}. */
final class EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
    private static final int EVENTS_PER_TURN = 64;

    private final List<Events> workers;
    private final TablePolicy policy;

    EventLog(List<Events> workers, TablePolicy policy) {
        this.workers = List.copyOf(workers);
        this.policy = policy;
    }

    /** Writes what has come, at most {@link #EVENTS_PER_TURN} of each worker; the events written. */
    int doWork() {
        int written = 0;
        for (Events events : workers) {
            for (int i = 0; i < EVENTS_PER_TURN; i++) {
                Event event = events.poll();
                if (event == null) {
                    break;
                }
                LOG.warn("{}", line(event, policy.tenant(event.domain()).orElse(null)));
                written++;
            }
        }
        return written;
    }

    static String line(Event event, TablePolicy.@Nullable TenantName tenant) {
        StringBuilder line = new StringBuilder("event=").append(event.kind().label());
        line.append(" count=").append(event.count());
        if (tenant != null) {
            line.append(" vmNetwork=\"").append(tenant.vmNetwork()).append('"');
            line.append(" rdid=").append(tenant.rdid());
        }
        if (event.insideAddress() != 0 && event.domain() <= FlowKey.DOMAIN_MAX >>> 1) {
            line.append(" insideAddress=").append(new Ipv4Address(event.insideAddress()));
        }
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
