package net.nvgate.fabric.identity;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import net.nvgate.fabric.model.NodeRole;

/**
 * How certificates of an outside CA name nodes. A pattern has one {@code *}, which stands for the name of the gateway or
 * host object: {@code *.gw.example.org}.
 *
 * @param by where the name is
 * @param gatewayPattern empty = no certificate is a gateway's; not used with URI
 * @param hostPattern likewise
 */
public record NodeNames(By by, String gatewayPattern, String hostPattern) {

    public enum By {
        /** Subject alternative name {@code nvgate://FABRIC-ID/gateway|host/NAME}. */
        URI,
        /** Subject alternative names of type DNS, by pattern. */
        DNS,
        /** The common name of the subject, by pattern. */
        CN
    }

    /** The default: as the manager's own CA does it. */
    public static final NodeNames BY_URI = new NodeNames(By.URI, "", "");

    public NodeNames {
        if (by != By.URI && gatewayPattern.isEmpty() && hostPattern.isEmpty()) {
            throw new IllegalArgumentException("with names by " + by + " a gateway or host pattern is needed");
        }
        requireStar(gatewayPattern);
        requireStar(hostPattern);
    }

    private static void requireStar(String pattern) {
        if (!pattern.isEmpty() && pattern.chars().filter(c -> c == '*').count() != 1) {
            throw new IllegalArgumentException(
                    "a pattern has one *, which stands for the node's name: '" + pattern + "'");
        }
    }

    /**
     * The node, or manager, that a certificate names; several are none.
     *
     * @param fabricId that a URI must have
     */
    Optional<IdentityUri> of(X509Certificate certificate, String fabricId) {
        if (by == By.URI) {
            return IdentityUri.of(certificate);
        }
        List<String> names = by == By.DNS ? IdentityUri.dnsNames(certificate) : commonNames(certificate);
        List<IdentityUri> nodes = names.stream()
                .flatMap(name -> java.util.stream.Stream.of(
                                match(gatewayPattern, name).map(n -> new IdentityUri(fabricId, NodeRole.GATEWAY, n)),
                                match(hostPattern, name).map(n -> new IdentityUri(fabricId, NodeRole.HOST, n)))
                        .flatMap(Optional::stream))
                .distinct()
                .toList();
        return nodes.size() == 1 ? Optional.of(nodes.getFirst()) : Optional.empty();
    }

    private static Optional<String> match(String pattern, String name) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return Optional.empty();
        }
        String before = pattern.substring(0, star);
        String after = pattern.substring(star + 1);
        boolean fits =
                name.length() > before.length() + after.length() && name.startsWith(before) && name.endsWith(after);
        return fits ? Optional.of(name.substring(before.length(), name.length() - after.length())) : Optional.empty();
    }

    private static List<String> commonNames(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(String::valueOf)
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }
}
