package net.nvgate.fabric.identity;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedKeyManager;
import net.nvgate.fabric.model.CertificateAuthority;
import net.nvgate.fabric.model.JoinToken;
import net.nvgate.fabric.model.Meta;
import net.nvgate.fabric.model.NodeIdentity;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.store.BookChange;
import net.nvgate.fabric.store.BookRequest;
import net.nvgate.fabric.store.FabricStore;

/**
 * A manager that knows nodes by certificates of an outside CA: it gives none itself. A node can be revoked here as well, for
 * all managers at once.
 */
public final class ManagerOutsideIdentity implements ManagerIdentities {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_SECONDS = 30;
    private static final String NOT_HERE =
            "certificates come from an outside CA (identity.outside-ca), not from the manager";

    private final OutsideFiles files;
    private final NodeNames names;
    private final IdentityBook book;
    private final String fabricId;
    private final Clock clock;
    private final Listeners listeners = new Listeners();
    private final SSLContext context;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("identity").daemon().unstarted(task));

    /** @throws IOException if the files cannot be used */
    public ManagerOutsideIdentity(FabricStore store, OutsideSettings settings, Clock clock) throws IOException {
        this(store, settings, OutsideFiles.LOOK_DEFAULT, clock);
    }

    /** @param look how often files are looked at */
    ManagerOutsideIdentity(FabricStore store, OutsideSettings settings, Duration look, Clock clock) throws IOException {
        this.files = new OutsideFiles(settings, look);
        this.names = settings.names();
        this.book = new IdentityBook(store, PATIENCE);
        this.fabricId = store.fabricId().toString();
        this.clock = clock;
        this.context = Tls.server(() -> Optional.of(files.content().own()));
        Subscription _ = files.onChange(listeners::tell);
        Subscription _ = book.onChange(listeners::tell);
        ScheduledFuture<?> _ =
                timer.scheduleWithFixedDelay(listeners::tell, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public SSLContext serverContext() {
        return context;
    }

    @Override
    public X509ExtendedKeyManager serverKeys() {
        return Tls.keys(() -> Optional.of(files.content().own()));
    }

    @Override
    public Peer identify(List<X509Certificate> chain) {
        OutsideFiles.Content now = files.content();
        Optional<Peer.Refused> objection = PathCheck.objection(chain, now.trusted(), clock.instant(), PathCheck.CLIENT);
        if (objection.isPresent()) {
            return objection.get();
        }
        X509Certificate certificate = chain.getFirst();
        Optional<X509Certificate> revokedByCa = chain.stream()
                .filter(now::revokes)
                .findFirst(); // its own, or that of a CA between it and a trusted one
        if (revokedByCa.isPresent()) {
            String whose = revokedByCa.get().equals(certificate) ? "its certificate " : "the CA certificate ";
            return new Peer.Refused(
                    Peer.Reason.REVOKED, whose + Pem.serial(revokedByCa.get()) + " was revoked by its CA");
        }
        Optional<IdentityUri> found = names.of(certificate, fabricId);
        if (found.isEmpty()) {
            return new Peer.Refused(
                    Peer.Reason.NO_IDENTITY, "its certificate names no gateway or host, by " + names.by());
        }
        IdentityUri node = found.get();
        if (!node.fabricId().equals(fabricId)) {
            return new Peer.Refused(Peer.Reason.WRONG_FABRIC, "its certificate is of fabric " + node.fabricId());
        }
        if (node.role() == NodeRole.MANAGER) {
            return new Peer.Refused(Peer.Reason.WRONG_ROLE, "its certificate is a manager's");
        }
        boolean revoked = book.view()
                .identity(node.role(), node.name())
                .filter(identity -> identity.state() == NodeIdentity.State.REVOKED)
                .isPresent();
        return revoked
                ? new Peer.Refused(
                        Peer.Reason.REVOKED,
                        "the identity of " + node.role().label() + "/" + node.name() + " was revoked")
                : new Peer.Known(node.role(), node.name(), certificate);
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    @Override
    public String join(String token, String csrPem) throws JoinException {
        throw new JoinException(JoinException.Code.NOT_HERE, NOT_HERE);
    }

    @Override
    public String renew(Peer.Known peer, String csrPem) throws JoinException {
        throw new JoinException(JoinException.Code.NOT_HERE, NOT_HERE);
    }

    @Override
    public String trusted() {
        return Pem.write(files.content().trusted());
    }

    @Override
    public BookChange<NewToken> createToken(NodeRole role, String name, Duration life, BookRequest request) {
        throw new IllegalStateException(NOT_HERE);
    }

    @Override
    public BookChange<Boolean> deleteToken(NodeRole role, String name, BookRequest request) {
        return none();
    }

    /** Also a node that was never heard of: its CA may have given it a certificate. */
    @Override
    public BookChange<Optional<NodeIdentity>> revoke(NodeRole role, String name, BookRequest request) {
        return book.change(request, view -> {
            Optional<NodeIdentity> known = view.identity(role, name).map(request::version);
            if (known.isEmpty()) {
                request.versionOfNothing("identity of " + role.label() + "/" + name);
            }
            Meta meta = known.map(NodeIdentity::meta)
                    .orElseGet(() -> Meta.of(IdentityBook.identityId(role, name), name, ""));
            NodeIdentity after = new NodeIdentity(meta, role, NodeIdentity.State.REVOKED, List.of());
            return new IdentityBook.Plan<>(List.of(IdentityBook.put(after)), Optional.of(after));
        });
    }

    @Override
    public List<NodeIdentity> identities() {
        return book.view().identities();
    }

    @Override
    public List<JoinToken> tokens() {
        return List.of();
    }

    @Override
    public List<CertificateAuthority> authorities() {
        return List.of();
    }

    @Override
    public BookChange<CertificateAuthority> rotate(BookRequest request) {
        throw new IllegalStateException(NOT_HERE);
    }

    @Override
    public BookChange<Boolean> retire(String authority, BookRequest request) {
        return none();
    }

    /** There is nothing of the kind. */
    private BookChange<Boolean> none() {
        return new BookChange<>(false, book.view().all().revision(), List.of());
    }

    @Override
    public void close() {
        timer.shutdownNow();
        files.close();
        book.close();
    }
}
