package net.nvgate.fabric.manager;

import static net.nvgate.fabric.manager.FabricException.Code.INVALID;

import java.util.Map;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Kind;

/** Which prefixes tenants' subnets can have: those that machines route to (RFC 6890). */
final class CustomerPrefixes {

    private static final Map<IpPrefix, String> SPECIAL = Map.of(
            IpPrefix.parse("0.0.0.0/8"), "of this network",
            IpPrefix.parse("127.0.0.0/8"), "loopback",
            IpPrefix.parse("169.254.0.0/16"), "link-local",
            IpPrefix.parse("224.0.0.0/4"), "multicast",
            IpPrefix.parse("240.0.0.0/4"), "reserved",
            IpPrefix.parse("::/96"), "loopback",
            IpPrefix.parse("::ffff:0:0/96"), "IPv4-mapped",
            IpPrefix.parse("fe80::/10"), "link-local",
            IpPrefix.parse("ff00::/8"), "multicast");

    private CustomerPrefixes() {}

    static void check(IpPrefix prefix, Kind kind, String field) {
        SPECIAL.forEach((special, what) -> {
            if (special.overlaps(prefix)) {
                throw Draft.refusal(
                        INVALID, kind, field, prefix, "must have no " + what + " addresses (" + special + ")");
            }
        });
    }
}
