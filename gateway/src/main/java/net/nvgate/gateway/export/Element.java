package net.nvgate.gateway.export;

/** Information elements (IANA's IPFIX registry) in the lengths in which they are sent. */
enum Element {
    OCTET_DELTA_COUNT(1, 8),
    PACKET_DELTA_COUNT(2, 8),
    PROTOCOL_IDENTIFIER(4, 1),
    SOURCE_TRANSPORT_PORT(7, 2),
    SOURCE_IPV4_ADDRESS(8, 4),
    DESTINATION_TRANSPORT_PORT(11, 2),
    DESTINATION_IPV4_ADDRESS(12, 4),
    SOURCE_IPV6_ADDRESS(27, 16),
    DESTINATION_IPV6_ADDRESS(28, 16),
    EXPORTED_MESSAGE_TOTAL_COUNT(41, 8),
    EXPORTED_FLOW_RECORD_TOTAL_COUNT(42, 8),
    FLOW_END_REASON(136, 1),
    EXPORTING_PROCESS_ID(144, 4),
    FLOW_START_MILLISECONDS(152, 8),
    FLOW_END_MILLISECONDS(153, 8),
    NOT_SENT_FLOW_TOTAL_COUNT(166, 8),
    POST_NAT_SOURCE_IPV4_ADDRESS(225, 4),
    POST_NAT_DESTINATION_IPV4_ADDRESS(226, 4),
    POST_NAPT_SOURCE_TRANSPORT_PORT(227, 2),
    POST_NAPT_DESTINATION_TRANSPORT_PORT(228, 2),
    NAT_EVENT(230, 1),
    INGRESS_VRF_ID(234, 4),
    VRF_NAME(236, Element.VARIABLE),
    BIFLOW_DIRECTION(239, 1),
    NAT_POOL_ID(283, 4),
    NAT_POOL_NAME(284, Element.VARIABLE),
    OBSERVATION_TIME_MILLISECONDS(323, 8),
    LAYER_2_SEGMENT_ID(351, 8),
    PORT_RANGE_START(361, 2),
    PORT_RANGE_END(362, 2),
    INTERNAL_ADDRESS_REALM(464, 16),
    NAT_QUOTA_EXCEEDED_EVENT(466, 4),
    NAT_THRESHOLD_EVENT(467, 4),
    MAX_SESSION_ENTRIES(471, 4),
    MAX_BIB_ENTRIES(472, 4),
    MAX_ENTRIES_PER_USER(473, 4),
    MAX_FRAGMENTS_PENDING_REASSEMBLY(475, 4),
    ADDRESS_PORT_MAPPING_HIGH_THRESHOLD(478, 4),
    /** Of the other direction of a flow (RFC 5103 section 6.1). */
    REVERSE_OCTET_DELTA_COUNT(1, 8, Element.REVERSE),
    REVERSE_PACKET_DELTA_COUNT(2, 8, Element.REVERSE);

    /** Length of what says its length itself (RFC 7011 section 7). */
    static final int VARIABLE = 65_535;

    private static final int REVERSE = 29_305;

    final int id;
    final int length;
    /** Private enterprise number, 0 for IANA's own. */
    final int enterprise;

    Element(int id, int length) {
        this(id, length, 0);
    }

    Element(int id, int length, int enterprise) {
        this.id = id;
        this.length = length;
        this.enterprise = enterprise;
    }
}
