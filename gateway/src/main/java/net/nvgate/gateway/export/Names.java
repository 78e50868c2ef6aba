package net.nvgate.gateway.export;

import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.control.TablePolicy.TenantName;

/** What policy knows of the numbers in observations. */
interface Names {

    /** The tenant of a routing domain's index. */
    Optional<TenantName> tenant(int domain);

    /** Of the VM that has an address, 0 = none. */
    int vsid(int domain, IpAddress inside);

    /** Number of the NAT connection that has a port of an external address, 0 = none. */
    int pool(int externalAddress, int port);

    /** External address and ports of a pool, empty if there is none. */
    String poolName(int pool);

    /** Number of the first NAT connection that a tenant has, at this external address if it is not 0; 0 = none. */
    int poolOf(int domain, int externalAddress);

    /** Ports of a NAT connection that hosts may get, of one protocol; 0 = it is not known. */
    int portsOf(int pool);

    /** Most sessions of a tenant, or of each of its hosts, by its quota; 0 = none. */
    int sessionsQuota(int domain, boolean ofHost);
}
