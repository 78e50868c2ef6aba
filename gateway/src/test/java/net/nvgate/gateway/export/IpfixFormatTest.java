package net.nvgate.gateway.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.export.Observation.Life;
import net.nvgate.gateway.nat.MappingEvents;
import net.nvgate.gateway.worker.EventKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes of IPFIX against the layouts of RFC 7011, and the elements that RFC 8158 wants. */
class IpfixFormatTest {

    private static final int BYTES_MAX = 512;

    private final KnownNames names = new KnownNames();
    private final IpfixFormat format = new IpfixFormat(BYTES_MAX, 0x01020304, names);
    private final List<Message> messages = new ArrayList<>();

    @AfterEach
    void release() {
        messages.forEach(message -> message.bytes().release());
        format.close();
    }

    private String finished() {
        format.finish(messages::add);
        return ByteBufUtil.hexDump(messages.getLast().bytes());
    }

    /** RFC 7011 sections 3.1, 3.3.2 and 3.4.3; RFC 8158 section 5.5.1.1: header, options set with the tenant, set with one record. */
    @Test
    void messageOfOneSession() {
        assertThat(format.add(What.SESSIONS, Samples.ipv4(Life.MADE), messages::add))
                .isEqualTo(1);
        format.finish(messages::add);
        Message message = messages.getFirst();
        format.stamp(message, Samples.AT_MS);
        assertThat(ByteBufUtil.hexDump(message.bytes()))
                .isEqualTo("000a" + "005f" + String.format("%08x", Samples.AT_MS / 1000) + "00000000" + "01020304"
                        // tenant: set 512, VRF 1, "blue", RDID
                        + "0200" + "001d" + "00000001" + "04626c7565" + "6b1c0000000040008000000000000001"
                        // set 256: time, NAT44 session create, UDP
                        + "0100" + "0032" + String.format("%016x", Samples.AT_MS) + "04" + "11"
                        + "c0a80103" + "cb00710a" + "0fa0" + "1000" + "cb007132" + "cb007132" + "0035" + "0035"
                        // VRF 1, NVGRE segment 6000
                        + "00000001" + "0200000000001770");
        assertThat(message.records()).isEqualTo(1);
        assertThat(message.sequenced()).isEqualTo(2);
    }

    /** RFC 7011 section 3.4.1 and, of the reverse elements, section 3.2. */
    @Test
    void templateRecord() {
        ByteBuf bytes = Unpooled.buffer();
        Template.FLOW_IPV4.write(bytes);
        assertThat(ByteBufUtil.hexDump(bytes))
                .startsWith("0104" + "0013" + "00980008" + "00990008" + "00080004" + "000c0004" + "00070002"
                        + "000b0002" + "00040001" + "00020008" + "00010008" + "80020008" + "00007279" + "80010008"
                        + "00007279");
        assertThat(bytes.readableBytes()).isEqualTo(Template.FLOW_IPV4.bytes());
    }

    /** RFC 7011 section 3.4.2.2: the scope field count follows the field count. */
    @Test
    void optionsTemplateRecord() {
        ByteBuf bytes = Unpooled.buffer();
        Template.TENANT.write(bytes);
        assertThat(ByteBufUtil.hexDump(bytes))
                .isEqualTo("0200" + "0003" + "0001" + "00ea0004" + "00ecffff" + "01d00010");
    }

    @Test
    void preambleHasEveryTemplateOnceInMessagesThatFit() {
        messages.addAll(format.preamble());
        Set<Integer> ids = new HashSet<>();
        for (Message message : messages) {
            ByteBuf bytes = message.bytes();
            assertThat(bytes.readableBytes())
                    .isBetween(IpfixMessage.HEADER, BYTES_MAX)
                    .isEqualTo(bytes.getShort(2));
            assertThat(message.sequenced()).as("templates are not counted").isZero();
            for (int set = IpfixMessage.HEADER; set < bytes.writerIndex(); set += bytes.getUnsignedShort(set + 2)) {
                collect(bytes, set, ids);
            }
        }
        assertThat(ids).hasSize(Template.values().length);
    }

    private static void collect(ByteBuf bytes, int set, Set<Integer> ids) {
        boolean options = bytes.getUnsignedShort(set) == IpfixMessage.OPTIONS_TEMPLATE_SET;
        assertThat(bytes.getUnsignedShort(set)).isEqualTo(options ? 3 : 2);
        int at = set + IpfixMessage.SET_HEADER;
        int end = set + bytes.getUnsignedShort(set + 2);
        while (at < end) {
            assertThat(ids.add(bytes.getUnsignedShort(at))).isTrue();
            int fields = bytes.getUnsignedShort(at + 2);
            at += options ? 6 : 4;
            for (int i = 0; i < fields; i++) {
                at += (bytes.getUnsignedShort(at) & 0x8000) == 0 ? 4 : 8;
            }
        }
        assertThat(at).isEqualTo(end);
    }

    /** Records counted before a message, modulo 2^32, are its sequence number (RFC 7011 section 3.1); a new session begins at 0. */
    @Test
    void sequenceNumbers() {
        for (int i = 0; i < 20; i++) {
            format.add(What.SESSIONS, Samples.ipv4(Life.ENDED), messages::add);
        }
        format.finish(messages::add);
        assertThat(messages).hasSizeGreaterThan(1);
        int expected = 0;
        for (Message message : messages) {
            format.stamp(message, Samples.AT_MS);
            assertThat(message.bytes().getInt(8)).isEqualTo(expected);
            assertThat(message.bytes().readableBytes()).isLessThanOrEqualTo(BYTES_MAX);
            expected += message.sequenced();
        }
        assertThat(messages.stream().mapToInt(Message::records).sum()).isEqualTo(20);
        format.newSession();
        format.stamp(messages.getFirst(), Samples.AT_MS);
        assertThat(messages.getFirst().bytes().getInt(8)).isZero();
    }

    @Test
    void tenantIsExplainedAgainWhenItsNameChanges() {
        format.add(What.SESSIONS, Samples.ipv4(Life.MADE), messages::add);
        names.rename("green");
        format.add(What.SESSIONS, Samples.ipv4(Life.MADE), messages::add);
        assertThat(finished()).contains("04626c7565").contains("05677265656e");
    }

    /** RFC 8158 sections 4.3 and 5.5: every event's value of natEvent, and of natQuotaExceededEvent with its limit. */
    @Test
    void natEvents() {
        String time = String.format("%016x", Samples.AT_MS);
        format.add(What.SESSIONS, Samples.ipv6(Life.MADE), messages::add);
        assertThat(finished()).contains(time + "06" + "11" + "fd000001000000000000000000000003");
        format.add(What.SESSIONS, Samples.ipv6(Life.ENDED), messages::add);
        assertThat(finished()).contains(time + "07");
        format.add(What.BLOCKS, Samples.block(true, "192.168.1.3"), messages::add);
        assertThat(finished()).contains(time + "10" + "c0a80103" + "cb00710a" + "0800" + "083f" + "00000007");
        format.add(What.BLOCKS, Samples.block(false, "fd00:1::3"), messages::add);
        assertThat(finished()).contains(time + "11" + "fd000001");
        format.add(What.EVENTS, Samples.event(EventKind.NAT_PORTS_EXHAUSTED, "192.168.1.3"), messages::add);
        assertThat(finished()).contains(time + "0c" + "cb00710a" + "11");
        quota(EventKind.FLOW_TABLE_FULL, "00000001" + "0000002a" + "00000001");
        quota(EventKind.NAT_TABLE_FULL, "00000002" + "0000002a" + "00000001");
        quota(EventKind.HOST_QUOTA, "00000003" + "0000002a" + "c0a80103" + "00000001");
        quota(EventKind.FRAGMENT_FLOOD, "00000005" + "0000002a" + "00000001");
        format.add(What.EVENTS, Samples.event(EventKind.NAT_ADDRESSES_EXHAUSTED, "192.168.1.3"), messages::add);
        assertThat(finished()).contains(time + "03" + "00000007" + "00000001");
        format.add(What.EVENTS, Samples.event(EventKind.NAT_POOL_80, "192.168.1.3"), messages::add);
        assertThat(finished()).contains(time + "12" + "00000003" + "0000002a" + "11" + "00000007" + "00000001");
        assertThat(format.add(What.EVENTS, Samples.event(EventKind.SYN_FLOOD, "192.168.1.3"), messages::add))
                .isZero();
    }

    /** RFC 8158 sections 5.5.2 and 5.5.10: entries of the BIB, and which external address a host has. */
    @Test
    void mappings() {
        String rest = "00000001" + "0200000000001770";
        mapping(MappingEvents.Kind.MADE, "192.168.1.3", "08" + "11" + "c0a80103" + "cb00710a" + "0fa0" + "1000" + rest);
        mapping(MappingEvents.Kind.ENDED, "192.168.1.3", "09" + "11" + "c0a80103");
        String host = "fd000001000000000000000000000003";
        mapping(MappingEvents.Kind.MADE, "fd00:1::3", "0a" + "11" + host + "cb00710a" + "0fa0" + "1000" + rest);
        mapping(MappingEvents.Kind.ENDED, "fd00:1::3", "0b" + "11" + host);
        mapping(MappingEvents.Kind.BOUND, "192.168.1.3", "0e" + "c0a80103" + "cb00710a" + rest);
        mapping(MappingEvents.Kind.UNBOUND, "fd00:1::3", "0f" + host + "cb00710a" + rest);
    }

    private void mapping(MappingEvents.Kind kind, String inside, String bytes) {
        format.add(What.MAPPINGS, Samples.mapping(kind, inside), messages::add);
        assertThat(finished()).contains(String.format("%016x", Samples.AT_MS) + bytes);
    }

    private void quota(EventKind kind, String bytes) {
        format.add(What.EVENTS, Samples.event(kind, "192.168.1.3"), messages::add);
        assertThat(finished()).contains(String.format("%016x", Samples.AT_MS) + "0d" + bytes);
    }

    /** RFC 5103: both directions in one record, of which the inside host is the source. */
    @Test
    void flowHasBothDirections() {
        format.add(What.FLOWS, Samples.ipv4(Life.ENDED), messages::add);
        String counters = "0000000000000003" + "000000000000012c" + "0000000000000002" + "0000000000000100";
        assertThat(finished())
                .contains("c0a80103" + "cb007132" + "0fa0" + "0035" + "11" + counters + "cb00710a" + "cb007132" + "1000"
                        + "0035" + "01" + "01");
    }

    /** RFC 7011 section 4.3. */
    @Test
    void statistics() {
        format.statistics(5, 6, 7, messages::add);
        assertThat(finished())
                .contains("0202" + "0020" + "00000001" + "0000000000000005" + "0000000000000006" + "0000000000000007");
    }
}
