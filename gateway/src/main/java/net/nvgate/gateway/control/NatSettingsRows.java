package net.nvgate.gateway.control;

import java.util.ArrayList;
import java.util.List;
import net.nvgate.fabric.model.Alg;
import net.nvgate.fabric.model.IpPrefix;
import net.nvgate.fabric.model.Ipv4Address;
import net.nvgate.fabric.model.NatSettings;
import net.nvgate.fabric.model.NatTimeouts;
import net.nvgate.gateway.route.NatEntry;
import net.nvgate.gateway.route.NatSettingsRow;
import net.nvgate.gateway.route.Prefixes;

/** Settings of NAT connections from policy to rows. */
final class NatSettingsRows {

    private NatSettingsRows() {}

    static NatSettingsRow row(NatSettings settings) {
        NatTimeouts timeouts = settings.timeouts();
        return new NatSettingsRow(
                switch (settings.filtering()) {
                    case ENDPOINT_INDEPENDENT -> NatEntry.ENDPOINT_INDEPENDENT;
                    case ADDRESS_DEPENDENT -> NatEntry.ADDRESS_DEPENDENT;
                    case ADDRESS_AND_PORT_DEPENDENT -> NatEntry.ADDRESS_AND_PORT_DEPENDENT;
                },
                algs(settings),
                settings.portBlockSize(),
                1000 * timeouts.udpSeconds(),
                1000 * timeouts.tcpEstablishedSeconds(),
                1000 * timeouts.tcpTransitorySeconds(),
                1000 * timeouts.icmpSeconds(),
                1000 * timeouts.otherSeconds(),
                deterministic(settings));
    }

    private static int algs(NatSettings settings) {
        int bits = 0;
        for (Alg alg : settings.algs()) {
            bits |= switch (alg) {
                case FTP -> NatSettingsRow.ALG_FTP;
                case TFTP -> NatSettingsRow.ALG_TFTP;
            };
        }
        return bits;
    }

    private static List<Prefixes.Row> deterministic(NatSettings settings) {
        List<Prefixes.Row> rows = new ArrayList<>();
        for (IpPrefix prefix : settings.deterministicPrefixes()) {
            if (prefix.address() instanceof Ipv4Address address) {
                rows.add(new Prefixes.Row(address.value(), prefix.length()));
            }
        }
        return rows;
    }
}
