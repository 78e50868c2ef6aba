package net.nvgate.gateway.pcp;

/** What a PCP server asks of the NAT. Answers are numbers because requests are handled on the worker. */
public interface PcpMappings {

    /**
     * Makes, renews or finds the mapping that a MAP request names. Its fields lie in {@code request}.
     *
     * @return a {@link PcpResult}; on success {@code request} holds what was assigned
     */
    int map(PcpMapRequest request);

    /** Ends the mapping, or all of a protocol when the internal port is 0; a {@link PcpResult}. */
    int unmap(PcpMapRequest request);
}
