package net.nvgate.fabric.identity;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeIdentity.Issued;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;
import net.nvgate.fabric.store.Origin;
import net.nvgate.fabric.store.Transaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A manager whose fabric has CAs of its own: knows peers by the certificates it gave them. What it shows of itself it
 * signs itself, with a key that is never written down.
 */
public final class ManagerIdentity implements ManagerIdentities {

    private static final Logger LOG = LoggerFactory.getLogger(ManagerIdentity.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Certificates of one node that are good at once. */
    private static final int CERTIFICATES_MAX = 16;

    private static final int TOKENS_MAX = 10_000;

    private final IdentityBook book;
    private final Authorities authorities;
    private final AuthoritySettings settings;
    private final String fabricId;
    private final Clock clock;
    private final Listeners listeners = new Listeners();
    private final KeyPair key = Certificates.newKey();
    private final SSLContext context = Tls.server(this::credentials);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("identity").daemon().unstarted(task));

    private volatile Credentials own;
    private volatile Authorities.Opened signedBy;

    /**
     * @param store outlives this
     * @throws IOException if the CA cannot be made or opened; the message says what to do
     */
    public ManagerIdentity(FabricStore store, AuthoritySettings settings, Clock clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.fabricId = store.fabricId().toString();
        this.book = new IdentityBook(store, PATIENCE);
        try {
            this.authorities = new Authorities(book, settings, fabricId, clock);
        } catch (IOException | RuntimeException e) {
            book.close();
            throw e;
        }
        this.signedBy = authorities.issuing();
        this.own = sign(signedBy);
        Subscription _ = book.onChange(this::changed);
        long millis = Math.clamp(settings.certificateLife().toMillis() / 10, 100, 30_000);
        ScheduledFuture<?> _ = timer.scheduleWithFixedDelay(this::lookAgain, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Takes all CAs, identities and tokens out of a store that no manager runs on.
     *
     * @return how many
     */
    public static int forgetAll(FabricStore store) {
        try (IdentityBook book = new IdentityBook(store, PATIENCE)) {
            return book.change(Origin.SYSTEM.withComment("manager new-ca"), view -> {
                List<Transaction.Change> gone = new ArrayList<>();
                view.objects().values().forEach(object -> gone.add(new Transaction.Delete(object)));
                return new IdentityBook.Plan<>(gone, gone.size());
            });
        }
    }

    private Optional<Credentials> credentials() {
        return Optional.of(own);
    }

    private Credentials sign(Authorities.Opened authority) {
        IdentityUri uri = new IdentityUri(fabricId, NodeRole.MANAGER, settings.name());
        X509Certificate certificate = Certificates.issue(
                authority.signed(),
                key.getPublic(),
                new Certificates.Subject(uri, settings.hosts()),
                clock.instant(),
                settings.certificateLife());
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(authorities.behind(authority));
        return new Credentials(key.getPrivate(), chain);
    }

    private synchronized void refreshOwn() {
        Authorities.Opened issuing = authorities.issuing();
        List<X509Certificate> behind = own.chain().subList(1, own.chain().size());
        if (!issuing.equals(signedBy)
                || !behind.equals(authorities.behind(issuing))
                || Renewal.isNeeded(own.certificate(), clock.instant())) {
            signedBy = issuing;
            own = sign(issuing);
            LOG.info("this manager's certificate is new, {}", own);
        }
    }

    private void changed() {
        refreshOwn();
        listeners.tell();
    }

    /** Time has passed: certificates expire, and nodes have renewed theirs. */
    void lookAgain() {
        try {
            authorities.rotateIfDue();
            refreshOwn();
            if (book.view().authorities().size() > 1) {
                authorities.retireUnneeded();
            }
            listeners.tell();
        } catch (RuntimeException e) {
            // An exception would end the timer for good.
            LOG.warn("identities cannot be brought up to date, trying again: {}", e.toString());
        }
    }

    @Override
    public SSLContext serverContext() {
        return context;
    }

    @Override
    public X509ExtendedKeyManager serverKeys() {
        return Tls.keys(this::credentials);
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    @Override
    public Peer identify(List<X509Certificate> chain) {
        Optional<Peer.Refused> objection =
                PathCheck.objection(chain, authorities.trusted(), clock.instant(), PathCheck.CLIENT);
        if (objection.isPresent()) {
            return objection.get();
        }
        X509Certificate certificate = chain.getFirst();
        Optional<IdentityUri> uri = IdentityUri.of(certificate);
        if (uri.isEmpty()) {
            return new Peer.Refused(Peer.Reason.NO_IDENTITY, "its certificate names no gateway or host");
        }
        IdentityUri identity = uri.get();
        if (!identity.fabricId().equals(fabricId)) {
            return new Peer.Refused(Peer.Reason.WRONG_FABRIC, "its certificate is of fabric " + identity.fabricId());
        }
        if (identity.role() == NodeRole.MANAGER) {
            return new Peer.Refused(Peer.Reason.WRONG_ROLE, "its certificate is a manager's");
        }
        return standing(identity, certificate);
    }

    /** What the fabric says of the node now. */
    private Peer standing(IdentityUri identity, X509Certificate certificate) {
        Optional<NodeIdentity> node = book.view().identity(identity.role(), identity.name());
        String who = identity.role().label() + "/" + identity.name();
        if (node.isEmpty()) {
            return new Peer.Refused(
                    Peer.Reason.NO_IDENTITY,
                    "the fabric does not know that " + who + " ever joined; it must join again");
        }
        if (node.get().state() == NodeIdentity.State.REVOKED) {
            return new Peer.Refused(Peer.Reason.REVOKED, "the identity of " + who + " was revoked; it must join again");
        }
        String serial = Pem.serial(certificate);
        boolean revoked = node.get().certificates().stream()
                .anyMatch(issued -> issued.revoked() && issued.serial().equals(serial));
        return revoked
                ? new Peer.Refused(Peer.Reason.REVOKED, "the certificate " + serial + " of " + who + " was revoked")
                : new Peer.Known(identity.role(), identity.name(), certificate);
    }

    @Override
    public String join(String text, String csrPem) throws JoinException {
        Token token = Token.parse(text)
                .orElseThrow(() -> new JoinException(JoinException.Code.TOKEN_UNKNOWN, "that is no join token"));
        Certificates.Request request = Certificates.request(csrPem);
        String hash = token.secretHash();
        if (book.view().tokenBySecret(hash).isEmpty()) {
            book.catchUp(); // another manager may have made it a moment ago
        }
        Origin origin = Origin.SYSTEM.withComment("joined by token");
        return book.change(origin, view -> {
            JoinToken held = usable(view, hash, request);
            Signing signing = signing(held.role(), held.name(), request.key());
            // Who asks again may have either answer, and has the key of both.
            boolean again = held.usedAt().isPresent();
            if (again) {
                requireRoom(view, held.role(), held.name());
            }
            List<Issued> before = view.identity(held.role(), held.name()).stream()
                    .flatMap(node -> node.certificates().stream())
                    .map(issued -> new Issued(
                            issued.serial(), issued.authority(), issued.notAfter(), issued.revoked() || !again))
                    .toList();
            JoinToken used = new JoinToken(
                    held.meta(),
                    held.role(),
                    hash,
                    held.expiresAt(),
                    Optional.of(clock.instant()),
                    Optional.of(Token.fingerprint(request.key())));
            LOG.info(
                    "{} joins, certificate {}, good until {}",
                    held.role().label() + "/" + held.name(),
                    signing.issued().serial(),
                    signing.issued().notAfter());
            return new IdentityBook.Plan<>(
                    List.of(
                            IdentityBook.put(used),
                            IdentityBook.put(with(view, held.role(), held.name(), before, signing))),
                    signing.chain());
        });
    }

    private JoinToken usable(IdentityBook.View view, String hash, Certificates.Request request) throws JoinException {
        JoinToken token = view.tokenBySecret(hash)
                .orElseThrow(() -> new JoinException(
                        JoinException.Code.TOKEN_UNKNOWN,
                        "no such join token: it was never made here, or another one has taken its place"));
        String who = token.role().label() + "/" + token.name();
        if (token.usedAt().isPresent() && !isAskedAgain(view, token, request)) {
            throw new JoinException(
                    JoinException.Code.TOKEN_USED,
                    "the join token of " + who + " was used at "
                            + token.usedAt().get());
        }
        if (!token.expiresAt().isAfter(clock.instant())) {
            throw new JoinException(
                    JoinException.Code.TOKEN_EXPIRED, "the join token of " + who + " expired at " + token.expiresAt());
        }
        if (request.claims().filter(claim -> !claim.equals(who)).isPresent()) {
            throw new JoinException(
                    JoinException.Code.TOKEN_OTHER_NODE,
                    "the join token is for " + who + ", not for "
                            + request.claims().get());
        }
        return token;
    }

    /** The node that has used the token asks once more, with the same key: it never got the answer. */
    private static boolean isAskedAgain(IdentityBook.View view, JoinToken token, Certificates.Request request) {
        boolean active = view.identity(token.role(), token.name())
                .filter(node -> node.state() == NodeIdentity.State.ACTIVE)
                .isPresent();
        return active
                && token.usedBy()
                        .filter(Token.fingerprint(request.key())::equals)
                        .isPresent();
    }

    /** Whoever cannot keep what he gets would ask for ever. */
    private void requireRoom(IdentityBook.View view, NodeRole role, String name) throws JoinException {
        Instant now = clock.instant();
        long good = view.identity(role, name).stream()
                .flatMap(node -> node.certificates().stream())
                .filter(issued -> !issued.revoked() && issued.notAfter().isAfter(now))
                .count();
        if (good >= CERTIFICATES_MAX) {
            throw new JoinException(
                    JoinException.Code.TOO_MANY,
                    role.label() + "/" + name + " has " + CERTIFICATES_MAX + " certificates that have not expired");
        }
    }

    /** A new certificate, its chain as PEM, and what is kept of it. */
    private record Signing(String chain, Issued issued) {}

    private Signing signing(NodeRole role, String name, PublicKey nodeKey) {
        Authorities.Opened issuing = authorities.issuing();
        X509Certificate certificate = Certificates.issue(
                issuing.signed(),
                nodeKey,
                new Certificates.Subject(new IdentityUri(fabricId, role, name), List.of()),
                clock.instant(),
                settings.certificateLife());
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        issuing.cross().ifPresent(chain::add);
        Issued issued = new Issued(
                Pem.serial(certificate),
                issuing.object().id(),
                certificate.getNotAfter().toInstant(),
                false);
        return new Signing(Pem.write(chain), issued);
    }

    /** The identity with one more certificate, without those that have expired. */
    private NodeIdentity with(
            IdentityBook.View view, NodeRole role, String name, List<Issued> before, Signing signing) {
        Instant now = clock.instant();
        Meta meta = view.identity(role, name)
                .map(NodeIdentity::meta)
                .orElseGet(() -> Meta.of(IdentityBook.identityId(role, name), name, ""));
        List<Issued> certificates = Stream.concat(
                        before.stream().filter(issued -> issued.notAfter().isAfter(now)), Stream.of(signing.issued()))
                .toList();
        return new NodeIdentity(meta, role, NodeIdentity.State.ACTIVE, certificates);
    }

    @Override
    public String renew(Peer.Known peer, String csrPem) throws JoinException {
        Certificates.Request request = Certificates.request(csrPem);
        return book.change(Origin.SYSTEM.withComment("certificate renewed"), view -> {
            if (!(standing(new IdentityUri(fabricId, peer.role(), peer.name()), peer.certificate())
                    instanceof Peer.Known)) {
                throw new JoinException(JoinException.Code.REVOKED, peer + " was revoked");
            }
            List<Issued> before = view.identity(peer.role(), peer.name())
                    .map(NodeIdentity::certificates)
                    .orElse(List.of());
            requireRoom(view, peer.role(), peer.name());
            Signing signing = signing(peer.role(), peer.name(), request.key());
            LOG.info(
                    "{} renews, certificate {}, good until {}",
                    peer,
                    signing.issued().serial(),
                    signing.issued().notAfter());
            return new IdentityBook.Plan<>(
                    List.of(IdentityBook.put(with(view, peer.role(), peer.name(), before, signing))), signing.chain());
        });
    }

    @Override
    public String trusted() {
        return Pem.write(authorities.trusted());
    }

    @Override
    public BookChange<NewToken> createToken(NodeRole role, String name, Duration life, BookRequest request) {
        if (role == NodeRole.MANAGER) {
            throw new IllegalArgumentException("managers share the seal key; they do not join by token");
        }
        Token token = Token.create(authorities.issuing().signed().certificate());
        Instant now = clock.instant();
        return book.change(request, view -> {
            if (view.tokens().size() >= TOKENS_MAX) {
                throw new IllegalStateException("there are " + TOKENS_MAX + " join tokens already");
            }
            Meta meta = view.token(role, name)
                    .map(JoinToken::meta)
                    .orElseGet(() -> Meta.of(IdentityBook.tokenId(role, name), name, ""));
            JoinToken held =
                    new JoinToken(meta, role, token.secretHash(), now.plus(life), Optional.empty(), Optional.empty());
            List<Transaction.Change> changes = new ArrayList<>(List.of(IdentityBook.put(held)));
            view.tokens().stream()
                    .filter(old -> old.expiresAt().plus(TOKEN_KEPT).isBefore(now)
                            && !old.id().equals(held.id()))
                    .limit(100)
                    .forEach(old -> changes.add(new Transaction.Delete(old)));
            return new IdentityBook.Plan<>(changes, new NewToken(held, token.text()));
        });
    }

    @Override
    public BookChange<Boolean> deleteToken(NodeRole role, String name, BookRequest request) {
        return book.change(
                request,
                view -> view.token(role, name)
                        .map(request::version)
                        .map(token -> new IdentityBook.Plan<>(
                                List.<Transaction.Change>of(new Transaction.Delete(token)), true))
                        .orElse(new IdentityBook.Plan<>(List.of(), false)));
    }

    @Override
    public BookChange<Optional<NodeIdentity>> revoke(NodeRole role, String name, BookRequest request) {
        if (book.view().identity(role, name).isEmpty()) {
            book.catchUp(); // it may have joined at another manager a moment ago
        }
        BookChange<Optional<NodeIdentity>> revoked = book.change(request, view -> {
            Optional<NodeIdentity> present = view.identity(role, name).map(request::version);
            if (present.isEmpty()) {
                return new IdentityBook.Plan<>(List.of(), present);
            }
            NodeIdentity after = new NodeIdentity(
                    present.get().meta(),
                    role,
                    NodeIdentity.State.REVOKED,
                    present.get().certificates().stream()
                            .map(issued -> new Issued(issued.serial(), issued.authority(), issued.notAfter(), true))
                            .toList());
            List<Transaction.Change> changes = new ArrayList<>(List.of(IdentityBook.put(after)));
            view.token(role, name).ifPresent(token -> changes.add(new Transaction.Delete(token)));
            return new IdentityBook.Plan<>(changes, Optional.of(after));
        });
        if (!request.dryRun() && revoked.result().isPresent()) {
            LOG.warn(
                    "{} was revoked by {}",
                    role.label() + "/" + name,
                    request.origin().actor());
        }
        return revoked;
    }

    @Override
    public List<NodeIdentity> identities() {
        return book.view().identities();
    }

    @Override
    public List<JoinToken> tokens() {
        return book.view().tokens();
    }

    @Override
    public List<CertificateAuthority> authorities() {
        return book.view().authorities();
    }

    @Override
    public BookChange<CertificateAuthority> rotate(BookRequest request) {
        return authorities.rotate(request);
    }

    @Override
    public BookChange<Boolean> retire(String authority, BookRequest request) {
        return authorities.retire(authority, request);
    }

    /** The CA that signs now. */
    Certificates.Signed signer() {
        return authorities.issuing().signed();
    }

    /** What this manager shows of itself. */
    public X509Certificate certificate() {
        return own.certificate();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        book.close();
    }
}
