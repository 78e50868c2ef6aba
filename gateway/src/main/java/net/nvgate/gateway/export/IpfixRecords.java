package net.nvgate.gateway.export;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.config.CollectorSettings.What;
import net.nvgate.gateway.control.TablePolicy.TenantName;
import net.nvgate.gateway.export.Observation.OfBlock;
import net.nvgate.gateway.export.Observation.OfEvent;
import net.nvgate.gateway.export.Observation.OfMapping;
import net.nvgate.gateway.export.Observation.OfSession;

/** Writes observations as the records of their templates, element by element. */
final class IpfixRecords {

    /** Of layer2SegmentId (IANA): the first byte says what the number is. */
    private static final long NVGRE = 2L << 56;

    /** Values of natQuotaExceededEvent (RFC 8158 section 4.4). */
    private static final int MAX_SESSIONS = 1;

    private static final int MAX_BIB = 2;
    private static final int MAX_PER_USER = 3;
    private static final int MAX_FRAGMENTS = 5;

    /** Of natThresholdEvent (RFC 8158 section 4.5): address and port mapping high threshold. */
    private static final int MAPPING_HIGH_THRESHOLD = 3;

    /** Values of biflowDirection (RFC 5103 section 6.3): the source began, or the other side did. */
    private static final int INITIATOR = 1;

    private static final int REVERSE_INITIATOR = 2;
    private static final UUID NOBODY = new UUID(0, 0);

    private IpfixRecords() {}

    /** The template of an observation's record, empty when IPFIX has none for it. */
    static Optional<Template> template(What what, Observation observation) {
        return switch (observation) {
            case OfSession session
            when what == What.FLOWS -> Optional.of(isIpv6(session.inside()) ? Template.FLOW_IPV6 : Template.FLOW_IPV4);
            case OfSession session ->
                Optional.of(isIpv6(session.inside()) ? Template.NAT64_SESSION : Template.NAT44_SESSION);
            case OfBlock block -> Optional.of(isIpv6(block.inside()) ? Template.BLOCK_IPV6 : Template.BLOCK_IPV4);
            case OfMapping mapping -> Optional.of(template(mapping));
            case OfEvent event -> template(event);
        };
    }

    private static Template template(OfMapping mapping) {
        boolean ipv6 = isIpv6(mapping.inside());
        return switch (mapping.kind()) {
            case MADE, ENDED -> ipv6 ? Template.BIB_IPV6 : Template.BIB_IPV4;
            case BOUND, UNBOUND -> ipv6 ? Template.BINDING_IPV6 : Template.BINDING_IPV4;
        };
    }

    private static Optional<Template> template(OfEvent event) {
        return switch (event.kind()) {
            case NAT_ADDRESSES_EXHAUSTED -> Optional.of(Template.ADDRESSES_EXHAUSTED);
            case NAT_PORTS_EXHAUSTED -> Optional.of(Template.PORTS_EXHAUSTED);
            case NAT_POOL_80, NAT_POOL_95 -> Optional.of(Template.THRESHOLD);
            case FLOW_TABLE_FULL, TENANT_QUOTA -> Optional.of(Template.QUOTA_SESSIONS);
            case NAT_TABLE_FULL -> Optional.of(Template.QUOTA_BIB);
            case HOST_QUOTA ->
                Optional.of(
                        event.inside() instanceof Ipv6Address ? Template.QUOTA_USER_IPV6 : Template.QUOTA_USER_IPV4);
            case FRAGMENT_FLOOD -> Optional.of(Template.QUOTA_FRAGMENTS);
            case SYN_FLOOD, SPOOFED_SOURCES, MTU_TROUBLE, NEIGHBOR_LOST, PORT_ACL -> Optional.empty();
        };
    }

    /** The pool that a record names, 0 = none. */
    static int pool(Observation observation) {
        return switch (observation) {
            case OfBlock block -> block.pool();
            case OfEvent event -> event.pool();
            case OfSession _, OfMapping _ -> 0;
        };
    }

    private static boolean isIpv6(IpAddress address) {
        return address instanceof Ipv6Address;
    }

    static void write(Observation observation, Template template, Names names, ByteBuf to) {
        for (Element element : template.elements) {
            switch (observation) {
                case OfSession session -> session(session, element, to);
                case OfBlock block -> block(block, element, names, to);
                case OfMapping mapping -> mapping(mapping, element, to);
                case OfEvent event -> event(event, element, to);
            }
        }
    }

    private static void session(OfSession session, Element element, ByteBuf to) {
        switch (element) {
            case OBSERVATION_TIME_MILLISECONDS -> to.writeLong(session.atMs());
            case FLOW_START_MILLISECONDS -> to.writeLong(session.startMs());
            case FLOW_END_MILLISECONDS -> to.writeLong(session.endMs());
            case NAT_EVENT -> to.writeByte(NatEvent.of(session).value);
            case PROTOCOL_IDENTIFIER -> to.writeByte(session.protocol());
            case SOURCE_IPV4_ADDRESS, SOURCE_IPV6_ADDRESS -> address(session.inside(), to);
            case DESTINATION_IPV4_ADDRESS, DESTINATION_IPV6_ADDRESS -> address(session.remote(), to);
            case POST_NAT_SOURCE_IPV4_ADDRESS -> address(session.external(), to);
            case POST_NAT_DESTINATION_IPV4_ADDRESS -> address(session.remoteIpv4(), to);
            case SOURCE_TRANSPORT_PORT -> to.writeShort(session.insidePort());
            case POST_NAPT_SOURCE_TRANSPORT_PORT -> to.writeShort(session.externalPort());
            case DESTINATION_TRANSPORT_PORT, POST_NAPT_DESTINATION_TRANSPORT_PORT ->
                to.writeShort(session.remotePort());
            case PACKET_DELTA_COUNT -> to.writeLong(session.packetsOut());
            case OCTET_DELTA_COUNT -> to.writeLong(session.bytesOut());
            case REVERSE_PACKET_DELTA_COUNT -> to.writeLong(session.packetsIn());
            case REVERSE_OCTET_DELTA_COUNT -> to.writeLong(session.bytesIn());
            case FLOW_END_REASON -> to.writeByte(session.reason().value);
            case BIFLOW_DIRECTION -> to.writeByte(session.fromOutside() ? REVERSE_INITIATOR : INITIATOR);
            case INGRESS_VRF_ID -> to.writeInt(session.domain());
            case LAYER_2_SEGMENT_ID -> to.writeLong(NVGRE | session.vsid());
            default -> throw new IllegalArgumentException("no session has " + element);
        }
    }

    private static void block(OfBlock block, Element element, Names names, ByteBuf to) {
        switch (element) {
            case OBSERVATION_TIME_MILLISECONDS -> to.writeLong(block.atMs());
            case NAT_EVENT ->
                to.writeByte(
                        (block.assigned() ? NatEvent.PORT_BLOCK_ALLOCATION : NatEvent.PORT_BLOCK_DEALLOCATION).value);
            case SOURCE_IPV4_ADDRESS, SOURCE_IPV6_ADDRESS -> address(block.inside(), to);
            case POST_NAT_SOURCE_IPV4_ADDRESS -> address(block.external(), to);
            case PORT_RANGE_START -> to.writeShort(block.firstPort());
            case PORT_RANGE_END -> to.writeShort(block.lastPort());
            case NAT_POOL_ID -> to.writeInt(block.pool());
            case INGRESS_VRF_ID -> to.writeInt(block.domain());
            case LAYER_2_SEGMENT_ID -> to.writeLong(NVGRE | block.vsid());
            case INTERNAL_ADDRESS_REALM ->
                uuid(names.tenant(block.domain()).map(TenantName::rdid).orElse(NOBODY), to);
            default -> throw new IllegalArgumentException("no port block has " + element);
        }
    }

    private static void mapping(OfMapping mapping, Element element, ByteBuf to) {
        switch (element) {
            case OBSERVATION_TIME_MILLISECONDS -> to.writeLong(mapping.atMs());
            case NAT_EVENT -> to.writeByte(NatEvent.of(mapping).value);
            case PROTOCOL_IDENTIFIER -> to.writeByte(mapping.protocol());
            case SOURCE_IPV4_ADDRESS, SOURCE_IPV6_ADDRESS -> address(mapping.inside(), to);
            case POST_NAT_SOURCE_IPV4_ADDRESS -> address(mapping.external(), to);
            case SOURCE_TRANSPORT_PORT -> to.writeShort(mapping.insidePort());
            case POST_NAPT_SOURCE_TRANSPORT_PORT -> to.writeShort(mapping.externalPort());
            case INGRESS_VRF_ID -> to.writeInt(mapping.domain());
            case LAYER_2_SEGMENT_ID -> to.writeLong(NVGRE | mapping.vsid());
            default -> throw new IllegalArgumentException("no mapping has " + element);
        }
    }

    private static void event(OfEvent event, Element element, ByteBuf to) {
        switch (element) {
            case OBSERVATION_TIME_MILLISECONDS -> to.writeLong(event.atMs());
            case NAT_EVENT -> to.writeByte(NatEvent.of(event).value);
            case NAT_QUOTA_EXCEEDED_EVENT -> to.writeInt(quota(event));
            case NAT_THRESHOLD_EVENT -> to.writeInt(MAPPING_HIGH_THRESHOLD);
            case NAT_POOL_ID -> to.writeInt(event.pool());
            case MAX_SESSION_ENTRIES,
                    MAX_BIB_ENTRIES,
                    MAX_ENTRIES_PER_USER,
                    MAX_FRAGMENTS_PENDING_REASSEMBLY,
                    ADDRESS_PORT_MAPPING_HIGH_THRESHOLD -> to.writeInt((int) event.limit());
            case SOURCE_IPV4_ADDRESS, SOURCE_IPV6_ADDRESS -> {
                IpAddress inside = event.inside();
                address(inside == null ? new Ipv4Address(0) : inside, to);
            }
            case POST_NAT_SOURCE_IPV4_ADDRESS -> {
                Ipv4Address external = event.external();
                to.writeInt(external == null ? 0 : external.value());
            }
            case PROTOCOL_IDENTIFIER -> to.writeByte(event.protocol());
            case INGRESS_VRF_ID -> to.writeInt(event.domain());
            default -> throw new IllegalArgumentException("no event has " + element);
        }
    }

    private static int quota(OfEvent event) {
        return switch (event.kind()) {
            case NAT_TABLE_FULL -> MAX_BIB;
            case HOST_QUOTA -> MAX_PER_USER;
            case FRAGMENT_FLOOD -> MAX_FRAGMENTS;
            default -> MAX_SESSIONS;
        };
    }

    private static void address(IpAddress address, ByteBuf to) {
        switch (address) {
            case Ipv4Address v4 -> to.writeInt(v4.value());
            case Ipv6Address v6 -> to.writeLong(v6.high()).writeLong(v6.low());
        }
    }

    static void uuid(UUID id, ByteBuf to) {
        to.writeLong(id.getMostSignificantBits()).writeLong(id.getLeastSignificantBits());
    }
}
