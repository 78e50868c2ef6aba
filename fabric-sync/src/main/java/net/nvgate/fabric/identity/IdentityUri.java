package net.nvgate.fabric.identity;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import net.nvgate.fabric.model.NodeRole;

/**
 * What a certificate's subject alternative name says (RFC 5280 section 4.2.1.6):
 * {@code nvgate://FABRIC-ID/gateway|host|manager/NAME}.
 */
record IdentityUri(String fabricId, NodeRole role, String name) {

    private static final String SCHEME = "nvgate";
    private static final int SAN_DNS = 2;
    private static final int SAN_URI = 6;
    private static final int SAN_IP = 7;

    @Override
    public String toString() {
        try {
            return new URI(SCHEME, fabricId, "/" + role.label() + "/" + name, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URI for " + role.label() + " " + name, e);
        }
    }

    static Optional<IdentityUri> parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String path = uri.getPath();
        if (!SCHEME.equals(uri.getScheme()) || uri.getAuthority() == null || path == null) {
            return Optional.empty();
        }
        String[] parts = path.split("/", 3);
        if (parts.length != 3 || parts[2].isEmpty()) {
            return Optional.empty();
        }
        return NodeRole.ofLabel(parts[1]).map(role -> new IdentityUri(uri.getAuthority(), role, parts[2]));
    }

    /** The only identity in a certificate; several are none. */
    static Optional<IdentityUri> of(X509Certificate certificate) {
        List<IdentityUri> found = names(certificate, SAN_URI).stream()
                .map(IdentityUri::parse)
                .flatMap(Optional::stream)
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    static List<String> dnsNames(X509Certificate certificate) {
        return names(certificate, SAN_DNS);
    }

    static List<String> addresses(X509Certificate certificate) {
        return names(certificate, SAN_IP);
    }

    private static List<String> names(X509Certificate certificate, int type) {
        Collection<List<?>> all;
        try {
            all = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        if (all != null) {
            for (List<?> entry : all) {
                if (entry.get(0).equals(type) && entry.get(1) instanceof String name) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
