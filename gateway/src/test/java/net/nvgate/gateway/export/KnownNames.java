package net.nvgate.gateway.export;

import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.gateway.control.TablePolicy.TenantName;

/** One tenant, one pool. */
final class KnownNames implements Names {

    static final UUID RDID = UUID.fromString("6b1c0000-0000-4000-8000-000000000001");

    private String vmNetwork = "blue";

    void rename(String name) {
        vmNetwork = name;
    }

    @Override
    public Optional<TenantName> tenant(int domain) {
        return domain == 1 ? Optional.of(new TenantName(RDID, vmNetwork)) : Optional.empty();
    }

    @Override
    public int vsid(int domain, IpAddress inside) {
        return domain == 1 ? 6000 : 0;
    }

    @Override
    public int pool(int externalAddress, int port) {
        return 7;
    }

    @Override
    public String poolName(int pool) {
        return pool == 7 ? "203.0.113.10:1024-65535" : "";
    }

    @Override
    public int poolOf(int domain, int externalAddress) {
        return domain == 1 ? 7 : 0;
    }

    @Override
    public int portsOf(int pool) {
        return pool == 7 ? 64_512 : 0;
    }

    @Override
    public int sessionsQuota(int domain, boolean ofHost) {
        return ofHost ? 10 : 100;
    }
}
