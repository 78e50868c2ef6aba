package net.nvgate.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.worker.Event;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.Test;

class EventLogTest {

    @Test
    void lineNamesAllThatIsKnown() {
        UUID rdid = new UUID(1, 2);
        assertThat(EventLog.line(
                        new Event(EventKind.TENANT_QUOTA, 7, 0xc0a80103, 0xcb00710a, 17, 12),
                        Optional.of(IpAddress.parse("192.168.1.3")),
                        new TablePolicy.TenantName(rdid, "blue net")))
                .isEqualTo("event=tenant-quota count=12 vmNetwork=\"blue net\" rdid=" + rdid
                        + " insideAddress=192.168.1.3 externalAddress=203.0.113.10 protocol=17 meaning=\""
                        + EventKind.TENANT_QUOTA.explanation() + "\"");
    }

    @Test
    void lineLeavesOutWhatIsNotKnown() {
        assertThat(EventLog.line(new Event(EventKind.FLOW_TABLE_FULL, 0, 0, 0, 0, 1), Optional.empty(), null))
                .isEqualTo("event=flow-table-full count=1 meaning=\"" + EventKind.FLOW_TABLE_FULL.explanation() + "\"");
    }
}
