package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.dpdk.EalExtension;
import net.nvgate.gateway.nat.PortBlockEvents;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.ViewedGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More events at once than a worker has room for. */
@ExtendWith(EalExtension.class)
class EventLossTest {

    private static final int TENANTS = 20_000;

    /** Only counts. */
    private static final class Counts implements EventSink {

        private long told;
        private long missing;

        @Override
        public void event(Event event, Optional<IpAddress> inside) {
            told += event.count();
        }

        @Override
        public void block(PortBlockEvents.Event block) {}

        @Override
        public void blocksMissing(long count) {}

        @Override
        public void eventsMissing(long count) {
            missing += count;
        }

        @Override
        public boolean ended(KeptEnd end) {
            return true;
        }
    }

    @Test
    void whoeverListensLearnsHowManyAreMissing() throws PolicyRejectedException {
        try (ViewedGateway gateway = new ViewedGateway(List.of())) {
            Counts counts = new Counts();
            DataPath path = gateway.path();
            EventLog log = new EventLog(path.workers(), path.policy(), counts);
            gateway.reportOf(TENANTS);
            while (log.doWork() > 0) {
                assertThat(counts.told).isPositive();
            }
            assertThat(counts.told).isPositive();
            assertThat(counts.missing).isPositive();
            assertThat(counts.told + counts.missing).isEqualTo(TENANTS);
            log.doWork();
            assertThat(counts.told + counts.missing).as("none twice").isEqualTo(TENANTS);
        }
    }
}
