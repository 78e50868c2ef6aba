package net.nvgate.gateway.control;

import java.util.List;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.policy.PolicyObject;
import net.nvgate.fabric.policy.PolicyObject.ExternalAddress;
import net.nvgate.fabric.policy.PolicyObject.LookupRecord;
import net.nvgate.fabric.policy.PolicyObject.Nat64Prefix;
import net.nvgate.fabric.policy.PolicyObject.NatConnection;
import net.nvgate.fabric.policy.PolicyObject.NatOneToOne;
import net.nvgate.fabric.policy.PolicyObject.NatRule;
import net.nvgate.fabric.policy.PolicyObject.Nptv6Prefix;
import net.nvgate.fabric.policy.PolicyObject.ProviderAddress;
import net.nvgate.fabric.sync.PolicyRejectedException;
import net.nvgate.gateway.nat64.EmbeddedAddress;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.Nptv6Table;
import net.nvgate.gateway.route.ProviderAddresses6;

/** What must hold for one object by itself. */
final class ObjectRules {

    private static final int PORT_MAX = 65_535;
    private static final int DETERMINISTIC_LENGTH_MIN = 16;
    private static final int VLAN_MAX = 4094;

    /** UTF-16 code units: at most three bytes each in UTF-8. */
    private static final int NAME_MAX = RecordNames.BYTES_MAX / 3;

    private ObjectRules() {}

    static void check(PolicyObject object) throws PolicyRejectedException {
        switch (object) {
            case LookupRecord record -> record(record);
            case ProviderAddress own -> address(own, own.providerAddress(), own.prefixLength(), own.vlanId());
            case ExternalAddress own -> address(own, own.address(), own.prefixLength(), own.vlanId());
            case NatConnection nat -> connection(nat);
            case NatRule rule -> rule(rule);
            case NatOneToOne pair -> {
                usable(object, pair.externalAddress());
                usable(object, pair.internalAddress());
            }
            case Nat64Prefix prefix -> nat64(prefix);
            case Nptv6Prefix pair -> nptv6(pair);
            default -> {}
        }
    }

    private static void record(LookupRecord record) throws PolicyRejectedException {
        if (record.mac().isMulticast()) {
            throw new PolicyRejectedException(record.key(), "MAC " + record.mac() + " must be unicast");
        }
        if (record.providerAddress() instanceof Ipv4Address pa && ProviderAddresses6.isHandle(pa.value())) {
            throw new PolicyRejectedException(record.key(), "provider address " + pa + " must be a unicast address");
        }
        if (record.vmName().length() > NAME_MAX) {
            throw new PolicyRejectedException(
                    record.key(), "name of the VM must have at most " + NAME_MAX + " characters");
        }
    }

    private static void connection(NatConnection nat) throws PolicyRejectedException {
        require(
                1 <= nat.portMin() && nat.portMin() <= nat.portMax() && nat.portMax() <= PORT_MAX,
                nat,
                "ports " + nat.portMin() + ".." + nat.portMax() + " must be within 1.." + PORT_MAX);
        usable(nat, nat.externalAddress());
        List<IpPrefix> deterministic = nat.settings().deterministicPrefixes();
        require(
                deterministic.size() <= NatEntry.DETERMINISTIC_MAX,
                nat,
                deterministic.size() + " deterministic prefixes, at most " + NatEntry.DETERMINISTIC_MAX);
        for (IpPrefix prefix : deterministic) {
            boolean alone = deterministic.stream().filter(prefix::overlaps).count() == 1;
            require(alone, nat, "deterministic prefix " + prefix + " overlaps another one");
            require(
                    prefix.address().bits() != 32 || prefix.length() >= DETERMINISTIC_LENGTH_MIN,
                    nat,
                    "deterministic prefix " + prefix + " must be at least " + DETERMINISTIC_LENGTH_MIN + " bits long");
        }
    }

    private static void rule(NatRule rule) throws PolicyRejectedException {
        port(rule, "external", rule.externalPort());
        port(rule, "internal", rule.internalPort());
        int most = PORT_MAX + 1 - Math.max(rule.externalPort(), rule.internalPort());
        require(
                1 <= rule.portCount() && rule.portCount() <= most,
                rule,
                "port count " + rule.portCount() + " must be 1.." + most);
        usable(rule, rule.internalAddress());
    }

    private static void address(PolicyObject object, IpAddress address, int prefixLength, int vlan)
            throws PolicyRejectedException {
        usable(object, address);
        require(
                1 <= prefixLength && prefixLength <= address.bits(),
                object,
                "prefix length " + prefixLength + " must be 1.." + address.bits());
        require(0 <= vlan && vlan <= VLAN_MAX, object, "VLAN id " + vlan + " must be 0.." + VLAN_MAX);
    }

    /** RFC 6052 §2.2. */
    private static void nat64(Nat64Prefix object) throws PolicyRejectedException {
        IpPrefix prefix = object.prefix();
        require(prefix.address() instanceof Ipv6Address, object, "prefix " + prefix + " must be IPv6");
        require(
                EmbeddedAddress.isLength(prefix.length()),
                object,
                "prefix " + prefix + " must have 32, 40, 48, 56, 64 or 96 bits");
        require(
                prefix.address() instanceof Ipv6Address address && EmbeddedAddress.isWellFormed(address.low()),
                object,
                "bits 64 to 71 of prefix " + prefix + " must be zero");
    }

    /** RFC 6296 §3: the adjustment lies in the first 64 bits, so that a prefix has at most these. */
    private static void nptv6(Nptv6Prefix pair) throws PolicyRejectedException {
        IpPrefix inside = pair.insidePrefix();
        IpPrefix outside = pair.outsidePrefix();
        require(
                inside.address() instanceof Ipv6Address && outside.address() instanceof Ipv6Address,
                pair,
                "prefixes " + inside + " and " + outside + " must be IPv6");
        require(
                inside.length() == outside.length() && 1 <= inside.length() && inside.length() <= Nptv6Table.LENGTH_MAX,
                pair,
                "prefixes " + inside + " and " + outside + " must have the same length, 1.." + Nptv6Table.LENGTH_MAX);
    }

    private static void usable(PolicyObject object, IpAddress address) throws PolicyRejectedException {
        require(
                !address.isUnspecified() && !address.isMulticast(),
                object,
                "address " + address + " must be a unicast address");
    }

    private static void port(PolicyObject object, String which, int port) throws PolicyRejectedException {
        require(1 <= port && port <= PORT_MAX, object, which + " port " + port + " must be 1.." + PORT_MAX);
    }

    private static void require(boolean holds, PolicyObject object, String rule) throws PolicyRejectedException {
        if (!holds) {
            throw new PolicyRejectedException(object.key(), rule);
        }
    }
}
