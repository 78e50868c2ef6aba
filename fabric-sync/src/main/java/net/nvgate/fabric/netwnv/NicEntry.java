package net.nvgate.fabric.netwnv;

import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv6Address;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.fabric.netwnv.NicSurvey.Nic;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A NIC in a fabric file. */
final class NicEntry {

    private final DomainSurvey domains;
    private final Findings findings;
    private final String guestPorts;

    NicEntry(DomainSurvey domains, Findings findings, String guestPorts) {
        this.domains = domains;
        this.findings = findings;
        this.guestPorts = guestPorts;
    }

    void write(Nic nic, ObjectNode entry, String subnet) {
        entry.put("vmSubnet", subnet).put("mac", nic.mac().toString());
        if (nic.fixed().isEmpty()) {
            entry.put("addressing", "LEARNED");
        } else {
            addresses(nic, entry);
            if (nic.learns()) {
                entry.put("addressing", "GUEST_SPECIFIED");
            }
        }
        if (nic.learns()) {
            entry.put("portClassification", guestPorts);
            ArrayNode learned = entry.putArray("learnedAddresses");
            nic.learned().stream().sorted().forEach(address -> learned.add(address.toString()));
        }
    }

    /** In a subnet of both families a NIC has an address of each. */
    private void addresses(Nic nic, ObjectNode entry) {
        DomainSurvey.Prefixes prefixes = domains.prefixes(nic.vsid());
        if (prefixes.v4().isEmpty()) {
            entry.put("address", nic.fixed().getFirst().toString());
            return;
        }
        nic.fixed(32).ifPresentOrElse(address -> entry.put("address", address.toString()), () -> {
            added(nic, "an IPv4 address of the pool");
        });
        Optional<IpAddress> six = nic.fixed(128)
                .or(() -> prefixes.v6().map(prefix -> {
                    IpAddress made = fromMac(prefix, nic.mac());
                    added(nic, "the IPv6 address " + made);
                    return made;
                }));
        six.ifPresent(address -> entry.put("address6", address.toString()));
    }

    private void added(Nic nic, String what) {
        findings.add(
                FindingCode.ADDED,
                "VSID " + nic.vsid() + " " + NetWnvText.mac(nic.mac()),
                List.of(nic.host()),
                "has one address in a subnet of both families; here it has " + what + ", too");
    }

    /** The one that the guest would make itself (RFC 4291 appendix A), so that nobody else has it; prefixes up to 64 bits. */
    static IpAddress fromMac(IpPrefix prefix, MacAddress mac) {
        long interfaceId = ((mac.value() >>> 24 << 40) | 0xff_fe00_0000L | (mac.value() & 0xff_ffffL)) ^ (1L << 57);
        Ipv6Address base = (Ipv6Address) prefix.address();
        return new Ipv6Address(
                base.high(), prefix.length() <= 64 ? interfaceId : base.low() | (mac.value() & hostMask(prefix)));
    }

    private static long hostMask(IpPrefix prefix) {
        return (1L << (128 - prefix.length())) - 1;
    }
}
