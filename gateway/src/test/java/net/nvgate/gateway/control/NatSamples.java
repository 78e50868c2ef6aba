package net.nvgate.gateway.control;

import static net.nvgate.gateway.control.PolicySamples.id;

import java.util.List;
import java.util.Random;
import java.util.Set;
import net.nvgate.fabric.model.Alg;
import net.nvgate.fabric.model.DscpMode;
import net.nvgate.fabric.model.Filtering;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.NatQuota;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.NatTimeouts;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatExemption;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.TenantSettings;

/** Random NAT objects of three tenants that share few addresses and ports, so that many contradict each other. */
final class NatSamples {

    private static final String[] SOURCES = {"192.168.1.0/24", "192.168.0.0/16", "fd01::/64"};
    private static final String[] REMOTES = {"198.51.100.0/24", "198.51.100.8/32", "0.0.0.0/0"};

    private NatSamples() {}

    /** One of two of a tenant, on an address that others may share. */
    static NatConnection connection(Random random, int n) {
        int first = 1024 * (1 + random.nextInt(4));
        NatSettings settings = new NatSettings(
                random.nextBoolean() ? Filtering.ENDPOINT_INDEPENDENT : Filtering.ADDRESS_DEPENDENT,
                new NatTimeouts(120 + random.nextInt(2), 7440, 240, 60, 300),
                64 * random.nextInt(3),
                random.nextBoolean() ? List.of() : List.of(IpPrefix.parse("192.168.1.0/28")),
                random.nextBoolean() ? Set.of() : Set.of(Alg.TFTP));
        return new NatConnection(
                id(1000 + n + 10 * random.nextInt(2)),
                id(n),
                address(random),
                first,
                first + 1023,
                random.nextBoolean() ? List.of() : List.of(IpPrefix.parse(pick(random, SOURCES))),
                settings);
    }

    /** A range of ports of one of a tenant's connections. */
    static NatRule rule(Random random, int n) {
        return new NatRule(
                id(2000 + random.nextInt(6)),
                id(1000 + n + 10 * random.nextInt(2)),
                random.nextInt(4) == 0 ? NatRule.Protocol.UDP : NatRule.Protocol.TCP,
                1000 + random.nextInt(200),
                IpAddress.parse((random.nextInt(3) == 0 ? "fd01::" : "192.168.1.") + random.nextInt(1, 4)),
                80 + random.nextInt(3),
                1 + random.nextInt(60),
                random.nextBoolean()
                        ? List.of()
                        : List.of(IpPrefix.parse(pick(random, REMOTES)), IpPrefix.parse("203.0.113.0/24")));
    }

    static NatOneToOne oneToOne(Random random, int n) {
        return new NatOneToOne(
                id(3000 + random.nextInt(4)),
                id(n),
                address(random),
                IpAddress.parse("192.168.1." + random.nextInt(1, 4)));
    }

    /** An exemption, or the tenant's settings. */
    static PolicyObject tenantWide(Random random, int n) {
        if (random.nextBoolean()) {
            return new NatExemption(
                    id(4000 + random.nextInt(4)),
                    id(n),
                    IpPrefix.parse(pick(random, SOURCES)),
                    IpPrefix.parse(pick(random, REMOTES)));
        }
        NatQuota quota = new NatQuota(random.nextInt(2), random.nextInt(2), 0, 0, 0, random.nextInt(2));
        return new TenantSettings(id(n), quota, DscpMode.UNIFORM, 0, false);
    }

    private static IpAddress address(Random random) {
        return IpAddress.parse("203.0.113." + (100 + random.nextInt(4)));
    }

    private static <T> T pick(Random random, T[] from) {
        return from[random.nextInt(from.length)];
    }
}
