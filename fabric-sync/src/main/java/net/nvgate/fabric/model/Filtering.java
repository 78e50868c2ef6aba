package net.nvgate.fabric.model;

/**
 * Which packets from outside a NAT mapping lets in (RFC 4787 §5). REQ-8 recommends endpoint-independent filtering where
 * transparency matters and address-dependent filtering where strictness does.
 */
public enum Filtering {
    /** From any endpoint. */
    ENDPOINT_INDEPENDENT,
    /** From addresses that the inside endpoint has sent to. */
    ADDRESS_DEPENDENT,
    /** From addresses and ports that the inside endpoint has sent to. */
    ADDRESS_AND_PORT_DEPENDENT
}
