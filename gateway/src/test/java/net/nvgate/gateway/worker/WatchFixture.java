package net.nvgate.gateway.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.nvgate.fabric.model.AclDirection;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.gateway.acl.AclRuleName;
import net.nvgate.gateway.acl.TenantAcl;
import net.nvgate.gateway.route.ProviderAddresses6;
import net.nvgate.gateway.route.VsidRow;
import net.nvgate.gateway.trace.TraceNames;
import net.nvgate.gateway.watch.Watch;
import net.nvgate.gateway.watch.WatchFilter;
import net.nvgate.gateway.watch.WatchReader;
import net.nvgate.gateway.watch.WatchedPacket;

/** Watches packets of a {@link TestGateway}. */
final class WatchFixture {

    private WatchFixture() {}

    /** Every packet from now on. */
    static Watch all(TestGateway gateway) {
        return post(
                gateway,
                Watch.of(
                        WatchFilter.ALL,
                        new Watch.Limits(100, 1 << 20, 1 << 14, gateway.nowMs() + 600_000),
                        true,
                        1 << 16));
    }

    static Watch post(TestGateway gateway, Watch watch) {
        if (!gateway.worker.tap().post(watch)) {
            throw new AssertionError("no room for another watch");
        }
        gateway.turnAfter(1);
        return watch;
    }

    /** What would become of a frame. */
    static WatchedPacket trial(TestGateway gateway, byte[] frame, boolean fromPa) {
        Watch watch = post(gateway, Watch.trial(frame, fromPa, gateway.nowMs() + 60_000));
        List<WatchedPacket> packets = read(watch);
        if (packets.size() != 1) {
            throw new AssertionError(packets.size() + " packets");
        }
        return packets.getFirst();
    }

    static List<WatchedPacket> read(Watch watch) {
        WatchReader reader = new WatchReader(watch);
        List<WatchedPacket> packets = new ArrayList<>();
        for (WatchedPacket packet = reader.next(); packet != null; packet = reader.next()) {
            packets.add(packet);
        }
        return packets;
    }

    /** Networks are called by their numbers, VMs by their addresses. */
    static TraceNames names(TestGateway gateway) {
        return new TraceNames() {
            @Override
            public String network(int domain) {
                return "net-" + domain;
            }

            @Override
            public int domain(int vsid) {
                VsidRow row = gateway.tables.vsids.row(vsid);
                return row == null ? 0 : row.rdid();
            }

            @Override
            public String subnet(int vsid) {
                return "subnet-" + vsid;
            }

            @Override
            public Optional<Host> host(int domain, IpAddress address) {
                return switch (address) {
                    case Ipv4Address v4 ->
                        Optional.ofNullable(gateway.tables.records.row(domain, v4.value()))
                                .map(row -> host(address, row.vsid(), row.pa()));
                    case Ipv6Address v6 ->
                        Optional.ofNullable(gateway.tables.records6.row(domain, v6))
                                .map(row -> host(address, row.vsid(), row.pa()));
                };
            }

            private Host host(IpAddress address, int vsid, int providerAddress) {
                return new Host("vm-" + address, vsid, providerAddress(providerAddress));
            }

            @Override
            public Optional<String> route(int domain, IpAddress destination) {
                return Optional.empty();
            }

            @Override
            public Optional<String> natRule(IpAddress external, int port, int protocol) {
                return Optional.empty();
            }

            @Override
            public Optional<AclRuleName> aclRule(int domain, boolean inbound, int list, int rule) {
                TenantAcl lists = Objects.requireNonNull(gateway.tables.acls.of(domain));
                return Optional.of(lists.name(inbound ? AclDirection.INBOUND : AclDirection.OUTBOUND, list, rule));
            }

            @Override
            public IpAddress providerAddress(int value) {
                return ProviderAddresses6.isHandle(value)
                        ? gateway.tables.providerAddresses6.address(value)
                        : new Ipv4Address(value);
            }
        };
    }
}
