package net.nvgate.gateway.route;

import net.nvgate.fabric.model.Ipv6Address;
import org.jspecify.annotations.Nullable;

/** What policy says about NAT. What is mapped dynamically is not here but in the workers' flow tables. */
public final class NatTable {

    /** External addresses and how tenants' hosts leave by them. */
    public final NatConnections connections;
    /** Port forwards. */
    public final NatRules rules;
    /** External addresses that are one host's with all ports and protocols. */
    public final NatOneToOnes oneToOnes;
    /** What is routed without translation. */
    public final NatExemptions exemptions;
    /** What tenants and their hosts may use. */
    public final NatQuotas quotas;

    NatTable(TableSpace space, Reclaimer reclaimer) {
        this.connections = new NatConnections(space, reclaimer);
        this.rules = new NatRules(space, reclaimer);
        this.oneToOnes = new NatOneToOnes(space, reclaimer);
        this.exemptions = new NatExemptions(space, reclaimer);
        this.quotas = new NatQuotas(space, reclaimer);
    }

    /** A connection as the control thread handles it. Fields as in {@link NatEntry}. */
    public record Connection(
            int externalIp, int rdid, int index, int portMin, int portMax, int generation, NatSettingsRow settings) {

        /** With default settings. */
        public Connection(int externalIp, int rdid, int index, int portMin, int portMax, int generation) {
            this(externalIp, rdid, index, portMin, portMax, generation, NatSettingsRow.DEFAULT);
        }
    }

    /**
     * A port forward, or a part of it, as the control thread handles it: {@code 1 << order} ports from both first ports on, seen
     * by remote hosts of a prefix.
     *
     * @param protocol IANA number, 6 or 17
     * @param order 0..16; the port by which the part is found is a multiple of its size
     * @param internalIp the server's CA; of an IPv6 server the key of its address
     * @param generation of the rule's connection
     * @param internal6 address of an IPv6 server, which is reached by NAT64
     */
    public record Rule(
            int rdid,
            int protocol,
            int externalIp,
            int externalPort,
            int internalIp,
            int internalPort,
            int order,
            Prefixes.Row remote,
            int generation,
            @Nullable Ipv6Address internal6) {

        /** To an IPv4 server. */
        public Rule(
                int rdid,
                int protocol,
                int externalIp,
                int externalPort,
                int internalIp,
                int internalPort,
                int order,
                Prefixes.Row remote,
                int generation) {
            this(rdid, protocol, externalIp, externalPort, internalIp, internalPort, order, remote, generation, null);
        }
    }
}
