package net.nvgate.gateway.export;

import static net.nvgate.gateway.export.Element.*;

import io.netty.buffer.ByteBuf;
import java.util.List;

/** Every template: which elements its records have, in their order. Those with scope elements are options templates. */
enum Template {
    NAT44_SESSION(256, session(SOURCE_IPV4_ADDRESS, DESTINATION_IPV4_ADDRESS)),
    NAT64_SESSION(257, session(SOURCE_IPV6_ADDRESS, DESTINATION_IPV6_ADDRESS)),
    BLOCK_IPV4(258, block(SOURCE_IPV4_ADDRESS)),
    BLOCK_IPV6(259, block(SOURCE_IPV6_ADDRESS)),
    FLOW_IPV4(260, flow(SOURCE_IPV4_ADDRESS, DESTINATION_IPV4_ADDRESS)),
    FLOW_IPV6(261, flow(SOURCE_IPV6_ADDRESS, DESTINATION_IPV6_ADDRESS)),
    PORTS_EXHAUSTED(
            262,
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            PROTOCOL_IDENTIFIER,
            INGRESS_VRF_ID),
    QUOTA_SESSIONS(
            263,
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            NAT_QUOTA_EXCEEDED_EVENT,
            MAX_SESSION_ENTRIES,
            INGRESS_VRF_ID),
    QUOTA_BIB(264, OBSERVATION_TIME_MILLISECONDS, NAT_EVENT, NAT_QUOTA_EXCEEDED_EVENT, MAX_BIB_ENTRIES, INGRESS_VRF_ID),
    QUOTA_USER_IPV4(265, quotaOfHost(SOURCE_IPV4_ADDRESS)),
    QUOTA_USER_IPV6(266, quotaOfHost(SOURCE_IPV6_ADDRESS)),
    QUOTA_FRAGMENTS(
            267,
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            NAT_QUOTA_EXCEEDED_EVENT,
            MAX_FRAGMENTS_PENDING_REASSEMBLY,
            INGRESS_VRF_ID),
    ADDRESSES_EXHAUSTED(268, OBSERVATION_TIME_MILLISECONDS, NAT_EVENT, NAT_POOL_ID, INGRESS_VRF_ID),
    BIB_IPV4(269, mapping(SOURCE_IPV4_ADDRESS)),
    BIB_IPV6(270, mapping(SOURCE_IPV6_ADDRESS)),
    BINDING_IPV4(271, binding(SOURCE_IPV4_ADDRESS)),
    BINDING_IPV6(272, binding(SOURCE_IPV6_ADDRESS)),
    THRESHOLD(
            273,
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            NAT_THRESHOLD_EVENT,
            ADDRESS_PORT_MAPPING_HIGH_THRESHOLD,
            PROTOCOL_IDENTIFIER,
            NAT_POOL_ID,
            INGRESS_VRF_ID),
    /** Which tenant a number of a record is. */
    TENANT(512, 1, INGRESS_VRF_ID, VRF_NAME, INTERNAL_ADDRESS_REALM),
    /** Which external address and ports a number of a record is. */
    POOL(513, 1, NAT_POOL_ID, NAT_POOL_NAME),
    /** What was sent and what was not (RFC 7011 section 4.3). */
    STATISTICS(
            514,
            1,
            EXPORTING_PROCESS_ID,
            EXPORTED_MESSAGE_TOTAL_COUNT,
            EXPORTED_FLOW_RECORD_TOTAL_COUNT,
            NOT_SENT_FLOW_TOTAL_COUNT);

    private static final int ENTERPRISE_BIT = 0x8000;
    private static final int FIELD_BYTES = 4;
    private static final int ENTERPRISE_BYTES = 4;

    final int id;
    final int scopes;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    final List<Element> elements;

    Template(int id, Element... elements) {
        this(id, 0, elements);
    }

    Template(int id, int scopes, Element... elements) {
        this.id = id;
        this.scopes = scopes;
        this.elements = List.of(elements);
    }

    /** A session that was made or has ended; of an inside host of IPv4 or IPv6. */
    private static Element[] session(Element source, Element destination) {
        return new Element[] {
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            PROTOCOL_IDENTIFIER,
            source,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            SOURCE_TRANSPORT_PORT,
            POST_NAPT_SOURCE_TRANSPORT_PORT,
            destination,
            POST_NAT_DESTINATION_IPV4_ADDRESS,
            DESTINATION_TRANSPORT_PORT,
            POST_NAPT_DESTINATION_TRANSPORT_PORT,
            INGRESS_VRF_ID,
            LAYER_2_SEGMENT_ID
        };
    }

    /** A block of ports; of an inside host of IPv4 or IPv6. */
    private static Element[] block(Element source) {
        return new Element[] {
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            source,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            PORT_RANGE_START,
            PORT_RANGE_END,
            NAT_POOL_ID,
            INGRESS_VRF_ID,
            LAYER_2_SEGMENT_ID,
            INTERNAL_ADDRESS_REALM
        };
    }

    /** An entry of the binding information base; of an inside host of IPv4 or IPv6. */
    private static Element[] mapping(Element source) {
        return new Element[] {
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            PROTOCOL_IDENTIFIER,
            source,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            SOURCE_TRANSPORT_PORT,
            POST_NAPT_SOURCE_TRANSPORT_PORT,
            INGRESS_VRF_ID,
            LAYER_2_SEGMENT_ID
        };
    }

    /** Which external address a host has; of IPv4 or IPv6. */
    private static Element[] binding(Element source) {
        return new Element[] {
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            source,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            INGRESS_VRF_ID,
            LAYER_2_SEGMENT_ID
        };
    }

    /** A biflow; of an inside host of IPv4 or IPv6. */
    private static Element[] flow(Element source, Element destination) {
        return new Element[] {
            FLOW_START_MILLISECONDS,
            FLOW_END_MILLISECONDS,
            source,
            destination,
            SOURCE_TRANSPORT_PORT,
            DESTINATION_TRANSPORT_PORT,
            PROTOCOL_IDENTIFIER,
            PACKET_DELTA_COUNT,
            OCTET_DELTA_COUNT,
            REVERSE_PACKET_DELTA_COUNT,
            REVERSE_OCTET_DELTA_COUNT,
            POST_NAT_SOURCE_IPV4_ADDRESS,
            POST_NAT_DESTINATION_IPV4_ADDRESS,
            POST_NAPT_SOURCE_TRANSPORT_PORT,
            POST_NAPT_DESTINATION_TRANSPORT_PORT,
            FLOW_END_REASON,
            BIFLOW_DIRECTION,
            INGRESS_VRF_ID,
            LAYER_2_SEGMENT_ID
        };
    }

    /** A host at a limit; of an inside host of IPv4 or IPv6. */
    private static Element[] quotaOfHost(Element source) {
        return new Element[] {
            OBSERVATION_TIME_MILLISECONDS,
            NAT_EVENT,
            NAT_QUOTA_EXCEEDED_EVENT,
            MAX_ENTRIES_PER_USER,
            source,
            INGRESS_VRF_ID
        };
    }

    boolean isOptions() {
        return scopes > 0;
    }

    /** Bytes of the template record (RFC 7011 sections 3.4.1 and 3.4.2.2). */
    int bytes() {
        int bytes = isOptions() ? 6 : 4;
        for (Element element : elements) {
            bytes += FIELD_BYTES + (element.enterprise == 0 ? 0 : ENTERPRISE_BYTES);
        }
        return bytes;
    }

    /** Bytes of a record, without those of elements whose length varies. */
    int recordBytes() {
        return elements.stream()
                .mapToInt(element -> element.length == Element.VARIABLE ? 0 : element.length)
                .sum();
    }

    void write(ByteBuf to) {
        to.writeShort(id).writeShort(elements.size());
        if (isOptions()) {
            to.writeShort(scopes);
        }
        for (Element element : elements) {
            to.writeShort(element.enterprise == 0 ? element.id : element.id | ENTERPRISE_BIT);
            to.writeShort(element.length);
            if (element.enterprise != 0) {
                to.writeInt(element.enterprise);
            }
        }
    }
}
