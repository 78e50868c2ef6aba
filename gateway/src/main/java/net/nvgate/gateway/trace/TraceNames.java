package net.nvgate.gateway.trace;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.acl.AclRuleName;

/** Names of what policy has, for numbers that the worker reports. Routing domains are indexes. */
public interface TraceNames {

    /** Name of a VM network, its RDID if it has none. */
    String network(int domain);

    /** The routing domain of a VSID, 0 if there is none. */
    int domain(int vsid);

    /** Name of a virtual subnet, empty if it is not known. */
    String subnet(int vsid);

    /** The lookup record of a customer address. */
    Optional<Host> host(int domain, IpAddress address);

    /** The best route to a destination, empty if there is none. */
    Optional<String> route(int domain, IpAddress destination);

    /** The NAT rule of an external endpoint and an IANA protocol number. */
    Optional<String> natRule(IpAddress external, int port, int protocol);

    /** What decided in a tenant's port ACLs, for the numbers of {@link net.nvgate.gateway.watch.Step#ACL}; empty if they have changed since. */
    Optional<AclRuleName> aclRule(int domain, boolean inbound, int list, int rule);

    /** A PA as the tables have it. */
    IpAddress providerAddress(int value);

    /**
     * A lookup record.
     *
     * @param vm name, may be empty
     */
    record Host(String vm, int vsid, IpAddress providerAddress) {}
}
