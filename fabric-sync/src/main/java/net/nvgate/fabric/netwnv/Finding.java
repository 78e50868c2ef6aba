package net.nvgate.fabric.netwnv;

import java.util.List;

/**
 * Something that an import found.
 *
 * @param severity of the code, WARNING for an ERROR that is tolerated
 * @param subject the record, route, VSID, RDID, PA or host, as NetWNV names it
 * @param hosts that show it
 * @param files that tell of these hosts; of many the first
 * @param message for people
 */
public record Finding(
        FindingCode code,
        FindingCode.Severity severity,
        String subject,
        List<String> hosts,
        List<String> files,
        String message) {

    public Finding {
        hosts = List.copyOf(hosts);
        files = List.copyOf(files);
    }

    /** One line. */
    @Override
    public String toString() {
        String where = hosts.isEmpty() ? "" : " [" + String.join(", ", hosts) + "]";
        return severity + " " + code + " " + subject + where + ": " + message;
    }
}
