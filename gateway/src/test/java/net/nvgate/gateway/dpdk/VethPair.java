package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Two virtual Ethernet interfaces, joined, up, quiet (no IPv6), without offloads. Needs root. */
public final class VethPair implements AutoCloseable {

    private final String left;
    private final String right;

    public VethPair(String left, String right) throws IOException {
        this.left = left;
        this.right = right;
        if (Files.exists(Path.of("/sys/class/net", left))) {
            Commands.succeed("ip link del " + left);
        }
        Commands.succeed("ip link add " + left + " type veth peer name " + right);
        for (String end : new String[] {left, right}) {
            Files.writeString(Path.of("/proc/sys/net/ipv6/conf", end, "disable_ipv6"), "1");
            Commands.succeed("ethtool -K " + end + " tx off rx off tso off gso off gro off");
            Commands.succeed("ip link set " + end + " mtu 2000 up");
        }
    }

    public static boolean possible() {
        return "root".equals(System.getProperty("user.name"));
    }

    public String left() {
        return left;
    }

    public String right() {
        return right;
    }

    @Override
    public void close() throws IOException {
        Commands.succeed("ip link del " + left);
    }
}
