package net.nvgate.gateway.scale;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.model.Vsid;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicySnapshot;
import net.nvgate.fabric.policy.PolicySource;
import net.nvgate.fabric.sync.SyncServer;
import net.nvgate.fabric.sync.SyncServerConfig;

/**
 * A process that serves one gateway a policy of many records: 4,000 VM networks of one subnet each, with a default gateway, and VMs on
 * 1,000 hosts. Arguments: records, 4 or 6 for the family of their CAs. Prints its port; ends when its standard input does.
 */
public final class SnapshotManager {

    static final int NETWORKS = 4_000;
    static final NodeId GATEWAY = new NodeId(NodeId.Kind.GATEWAY, "gw1");
    private static final int HOSTS = 1_000;
    private static final int FIRST_VSID = 0x5000;
    private static final int FIRST_CA = 0x0a00_0002;

    private SnapshotManager() {}

    public static void main(String[] arguments) throws IOException {
        List<PolicyObject> policy = policy(Integer.parseInt(arguments[0]), arguments[1].equals("6"));
        SyncServerConfig any = SyncServerConfig.of("127.0.0.1", 0);
        try (SyncServer server = new SyncServer(any, new Fixed(policy), "scale", new SimpleMeterRegistry())) {
            server.start();
            System.out.println(server.address().getPort());
            while (System.in.read() >= 0) {
                // Whoever started this closes it when it is done.
            }
        }
    }

    static UUID rdid(int network) {
        return new UUID(0x1122_3344_5566_7788L, network);
    }

    /** CA of the n-th VM of a network. */
    static int ca(int n) {
        return FIRST_CA + n;
    }

    private static List<PolicyObject> policy(int records, boolean ipv6) {
        List<PolicyObject> policy = new ArrayList<>(records + 4 * NETWORKS);
        policy.add(new PolicyObject.ProviderAddress(IpAddress.parse("10.10.0.2"), 16, 0));
        for (int network = 0; network < NETWORKS; network++) {
            Vsid vsid = new Vsid(FIRST_VSID + network);
            policy.add(new PolicyObject.RoutingDomain(rdid(network), "network" + network));
            policy.add(new PolicyObject.VirtualSubnet(
                    rdid(network),
                    vsid,
                    IpPrefix.parse(ipv6 ? "fd00::/64" : "10.0.0.0/16"),
                    false,
                    "subnet" + network));
            policy.add(record(network, 0, ipv6 ? "fd00::1" : "10.0.0.1", "169.254.254.254", ""));
        }
        for (int n = 0; n < records; n++) {
            String host = "10.10." + (1 + n % HOSTS / 250) + "." + (1 + n % 250);
            String ca = ipv6
                    ? "fd00::a:" + Integer.toHexString(n / NETWORKS)
                    : new Ipv4Address(ca(n / NETWORKS)).toString();
            policy.add(record(n % NETWORKS, n + 1, ca, host, "vm" + n));
        }
        return policy;
    }

    private static PolicyObject record(int network, int number, String ca, String pa, String name) {
        return new PolicyObject.LookupRecord(
                rdid(network),
                new Vsid(FIRST_VSID + network),
                IpAddress.parse(ca),
                new MacAddress(0x001d_d800_0000L + number),
                IpAddress.parse(pa),
                PolicyObject.LookupRecord.Type.STATIC,
                name);
    }

    private record Fixed(List<PolicyObject> policy) implements PolicySource {
        @Override
        public long revision() {
            return 1;
        }

        @Override
        public boolean knows(NodeId node) {
            return node.equals(GATEWAY);
        }

        @Override
        public PolicySnapshot snapshot(NodeId node) {
            return new PolicySnapshot(1, policy);
        }

        @Override
        public Optional<Catchup> since(NodeId node, long revision) {
            return revision == 1 ? Optional.of(new Catchup(1, List.of())) : Optional.empty();
        }

        @Override
        public Subscription subscribe(Listener listener) {
            return () -> {};
        }
    }
}
