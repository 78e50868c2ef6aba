package net.nvgate.fabric.model;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A CA of the manager's own. Made by managers, not by people.
 *
 * @param certificate self-signed, PEM
 * @param crossCertificate the same name and key signed by the CA before it, PEM: who trusts that one trusts this one
 * @param sealedKey its private key, encrypted with the managers' seal key; absent where it is only shown
 */
public record CertificateAuthority(
        @JsonUnwrapped Meta meta,
        String certificate,
        Optional<String> crossCertificate,
        Optional<String> sealedKey,
        State state)
        implements BesideFabric {

    public enum State {
        /** Signs new certificates. One CA does. */
        ISSUING,
        /** Those it signed are good still. */
        TRUSTED
    }

    public CertificateAuthority {
        String kind = Kind.CERTIFICATE_AUTHORITY.label();
        Rules.meta(Kind.CERTIFICATE_AUTHORITY, meta);
        Rules.required(kind, "certificate", certificate);
        Rules.required(kind, "state", state);
    }

    @Override
    public Kind kind() {
        return Kind.CERTIFICATE_AUTHORITY;
    }

    @Override
    public Set<UUID> references() {
        return Set.of();
    }

    @Override
    public CertificateAuthority withMeta(Meta meta) {
        return new CertificateAuthority(meta, certificate, crossCertificate, sealedKey, state);
    }

    public CertificateAuthority withState(State state) {
        return new CertificateAuthority(meta, certificate, crossCertificate, sealedKey, state);
    }

    @Override
    public CertificateAuthority shown() {
        return new CertificateAuthority(meta, certificate, crossCertificate, Optional.empty(), state);
    }
}
