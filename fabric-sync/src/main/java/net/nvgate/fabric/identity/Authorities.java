package net.nvgate.fabric.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.CertificateAuthority.State;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The CAs of a fabric, with their keys.
 *
 * <pre>
 *  first start ──▶ ISSUING ──rotate──▶ TRUSTED ──no node needs it any more──▶ gone
 *                              └──▶ another, ISSUING, cross-signed by the one before
 * </pre>
 */
final class Authorities {

    private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);
    private static final int TRUSTED_MAX = 4;

    private final IdentityBook book;
    private final AuthoritySettings settings;
    private final String fabricId;
    private final Clock clock;
    private final SealKey seal;
    private final Map<UUID, Opened> opened = new ConcurrentHashMap<>();

    /** A CA that can sign. */
    record Opened(CertificateAuthority object, Certificates.Signed signed, Optional<X509Certificate> cross) {}

    /**
     * Makes the fabric's first CA if there is none.
     *
     * @throws IOException if this manager cannot open the CA's key; the message says what to do
     */
    Authorities(IdentityBook book, AuthoritySettings settings, String fabricId, Clock clock) throws IOException {
        this.book = book;
        this.settings = settings;
        this.fabricId = fabricId;
        this.clock = clock;
        this.seal = sealKey();
        if (book.view().authorities().isEmpty()) {
            makeFirst();
        }
        try {
            issuing();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private SealKey sealKey() throws IOException {
        Path file = settings.sealKeyFile();
        if (Files.exists(file)) {
            return SealKey.read(file);
        }
        if (!book.view().authorities().isEmpty()) {
            throw new IOException(missing("is missing"));
        }
        PrivateFiles.makeDirectory(Objects.requireNonNull(file.toAbsolutePath().getParent()));
        return SealKey.create(file);
    }

    private String missing(String what) {
        return "this fabric has a CA, and the key that opens it " + what + ": put a copy of another manager's seal key"
                + " (identity.seal-key-file) at " + settings.sealKeyFile()
                + ", or run 'manager new-ca' and let every node join again";
    }

    private void makeFirst() {
        book.change(Origin.SYSTEM.withComment("the fabric's first CA"), view -> {
            if (!view.authorities().isEmpty()) {
                return new IdentityBook.Plan<>(List.of(), true); // another manager was faster
            }
            CertificateAuthority first = fresh(1, Optional.empty());
            LOG.info("made the fabric's CA, fingerprint {}", Token.fingerprint(certificate(first.certificate())));
            return new IdentityBook.Plan<>(List.of(IdentityBook.put(first)), true);
        });
    }

    private CertificateAuthority fresh(int number, Optional<Opened> before) {
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        Certificates.Signed made =
                Certificates.newAuthority("nvgate " + fabricId + " CA " + number, now, settings.authorityLife());
        Optional<String> cross =
                before.map(older -> Pem.write(List.of(Certificates.cross(made.certificate(), older.signed(), now))));
        return new CertificateAuthority(
                Meta.of(id, "ca-" + number, ""),
                Pem.write(List.of(made.certificate())),
                cross,
                Optional.of(seal.seal(made.key().getEncoded(), id.toString())),
                State.ISSUING);
    }

    static X509Certificate certificate(String pem) {
        try {
            return Pem.certificates(pem).getFirst();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the store holds a CA that is no certificate: " + e.getMessage(), e);
        }
    }

    /** The CA that signs now. */
    Opened issuing() {
        CertificateAuthority object = book.view().authorities().stream()
                .filter(authority -> authority.state() == State.ISSUING)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the fabric has no CA"));
        return opened.compute(
                object.id(), (_, known) -> known != null && known.object().equals(object) ? known : open(object));
    }

    private Opened open(CertificateAuthority object) {
        try {
            byte[] key = seal.open(
                    object.sealedKey().orElseThrow(() -> new GeneralSecurityException("no key")),
                    object.id().toString());
            return new Opened(
                    object,
                    new Certificates.Signed(certificate(object.certificate()), Pem.key(key)),
                    object.crossCertificate().map(Authorities::certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(missing("in " + settings.sealKeyFile() + " is another one"), e);
        }
    }

    /** All whose certificates are good, the issuing one first. */
    List<X509Certificate> trusted() {
        return book.view().authorities().stream()
                .map(authority -> certificate(authority.certificate()))
                .toList();
    }

    /** What stands behind a certificate of the issuing CA: its cross certificate, and all that are trusted. */
    List<X509Certificate> behind(Opened issuing) {
        List<X509Certificate> chain = new ArrayList<>();
        issuing.cross().ifPresent(chain::add);
        chain.addAll(trusted());
        return chain;
    }

    /**
     * A new CA signs from now on; certificates of the present one stay good until the nodes have new ones.
     *
     * @throws IllegalStateException if too many old ones are still needed
     */
    BookChange<CertificateAuthority> rotate(BookRequest request) {
        BookChange<CertificateAuthority> change = book.change(request, this::exchange);
        if (!request.dryRun()) {
            told(change.result());
        }
        return change;
    }

    /** Exchanges a CA that has lived two thirds of its life; one of several managers does. */
    void rotateIfDue() {
        book.change(
                Origin.SYSTEM.withComment("the CA grows old"),
                view -> Renewal.isDue(issuing().signed().certificate(), clock.instant())
                        ? exchange(view)
                        : new IdentityBook.Plan<>(List.of(), issuing().object()));
    }

    private static void told(CertificateAuthority made) {
        LOG.info(
                "{} signs certificates from now on, fingerprint {}",
                made.name(),
                Token.fingerprint(certificate(made.certificate())));
    }

    private IdentityBook.Plan<CertificateAuthority> exchange(IdentityBook.View view) {
        List<CertificateAuthority> present = view.authorities();
        if (present.size() > TRUSTED_MAX) {
            throw new IllegalStateException("there are " + (present.size() - 1)
                    + " old CAs that nodes still need; retire one before the next rotation");
        }
        Opened old = issuing();
        int number = present.stream()
                        .mapToInt(authority -> Integer.parseInt(authority.name().substring("ca-".length())))
                        .max()
                        .orElse(0)
                + 1;
        CertificateAuthority next = fresh(number, Optional.of(old));
        return new IdentityBook.Plan<>(
                List.of(IdentityBook.put(old.object().withState(State.TRUSTED)), IdentityBook.put(next)), next);
    }

    /** Old CAs go that no node needs any more: each has had a certificate of another one for a while, or none at all. */
    void retireUnneeded() {
        Instant now = clock.instant();
        Duration newLife = settings.certificateLife();
        book.change(Origin.SYSTEM.withComment("every node has a certificate of a newer CA"), view -> {
            List<Transaction.Change> gone = new ArrayList<>();
            for (CertificateAuthority authority : view.authorities()) {
                if (authority.state() == State.TRUSTED
                        && view.identities().stream().noneMatch(node -> needs(node, authority, now, newLife))
                        && isOlder(view, authority, now)) {
                    LOG.info("{} is not trusted any more: no node needs it", authority.name());
                    gone.add(new Transaction.Delete(authority));
                }
            }
            return new IdentityBook.Plan<>(gone, true);
        });
    }

    /** The CA after it has been there for the overlap, so that nodes and managers know it. */
    private boolean isOlder(IdentityBook.View view, CertificateAuthority authority, Instant now) {
        return view.authorities().stream()
                .filter(other -> other.createdRevision() > authority.createdRevision())
                .allMatch(other -> certificate(other.certificate())
                        .getNotBefore()
                        .toInstant()
                        .plus(Certificates.BACKDATED)
                        .plus(settings.overlap())
                        .isBefore(now));
    }

    private boolean needs(NodeIdentity node, CertificateAuthority authority, Instant now, Duration life) {
        if (node.state() == NodeIdentity.State.REVOKED) {
            return false;
        }
        boolean has = node.certificates().stream()
                .anyMatch(issued -> !issued.revoked()
                        && issued.authority().equals(authority.id())
                        && issued.notAfter().isAfter(now));
        boolean settled = node.certificates().stream()
                .anyMatch(issued -> !issued.revoked()
                        && !issued.authority().equals(authority.id())
                        && issued.notAfter()
                                .minus(life)
                                .plus(settings.overlap())
                                .isBefore(now));
        return has && !settled;
    }

    /** An old CA goes now; nodes that have no other certificate must join again. */
    BookChange<Boolean> retire(String name, BookRequest request) {
        return book.change(
                request,
                view -> view.authorities().stream()
                        .filter(authority -> authority.name().equals(name) && authority.state() == State.TRUSTED)
                        .findFirst()
                        .map(request::version)
                        .map(authority -> new IdentityBook.Plan<>(
                                List.<Transaction.Change>of(new Transaction.Delete(authority)), true))
                        .orElse(new IdentityBook.Plan<>(List.of(), false)));
    }
}
