package net.nvgate.gateway.route;

import java.util.List;

/**
 * Settings of a connection as the control thread handles them. Fields as in {@link NatEntry}.
 *
 * @param algs bits, {@link #ALG_FTP} and {@link #ALG_TFTP}
 * @param deterministic prefixes of at least 9 bits, disjoint, at most {@link NatEntry#DETERMINISTIC_MAX}
 */
public record NatSettingsRow(
        int filtering,
        int algs,
        int portBlockSize,
        int udpMs,
        int tcpEstablishedMs,
        int tcpTransitoryMs,
        int icmpMs,
        int otherMs,
        List<Prefixes.Row> deterministic) {

    public static final int ALG_FTP = 1;
    public static final int ALG_TFTP = 1 << 1;

    /** The times that the RFCs recommend, strict filtering, ports one by one, FTP. */
    public static final NatSettingsRow DEFAULT = new NatSettingsRow(
            NatEntry.ADDRESS_AND_PORT_DEPENDENT, ALG_FTP, 0, 300_000, 7_440_000, 240_000, 60_000, 300_000, List.of());

    public NatSettingsRow {
        deterministic = List.copyOf(deterministic);
    }

    public NatSettingsRow withFiltering(int newFiltering) {
        return new NatSettingsRow(
                newFiltering,
                algs,
                portBlockSize,
                udpMs,
                tcpEstablishedMs,
                tcpTransitoryMs,
                icmpMs,
                otherMs,
                deterministic);
    }

    public NatSettingsRow withPortBlockSize(int newPortBlockSize) {
        return new NatSettingsRow(
                filtering,
                algs,
                newPortBlockSize,
                udpMs,
                tcpEstablishedMs,
                tcpTransitoryMs,
                icmpMs,
                otherMs,
                deterministic);
    }

    public NatSettingsRow withDeterministic(List<Prefixes.Row> newDeterministic) {
        return new NatSettingsRow(
                filtering,
                algs,
                portBlockSize,
                udpMs,
                tcpEstablishedMs,
                tcpTransitoryMs,
                icmpMs,
                otherMs,
                newDeterministic);
    }
}
