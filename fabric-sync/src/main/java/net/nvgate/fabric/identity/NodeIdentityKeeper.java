package net.nvgate.fabric.identity;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import net.nvgate.fabric.model.NodeRole;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's certificate, from the manager: joins by token, renews after two thirds of the certificate's life or when the
 * manager has a new CA, and never stops the node from working by what it has.
 *
 * <pre>
 *  no identity ──token file──▶ join ──▶ identity ──2/3 of life, new CA──▶ renew ──▶ identity
 *                                          └──── token file (after a revocation) ──▶ join
 * </pre>
 */
public final class NodeIdentityKeeper implements NodeIdentitySource {

    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentityKeeper.class);
    private static final Duration WITHOUT_IDENTITY = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE_MAX = Duration.ofSeconds(30);

    private final NodeSettings settings;
    private final Clock clock;
    private final NodeFiles files;
    private final ManagerClient manager;
    private final Listeners listeners = new Listeners();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("identity").daemon().unstarted(task));

    private volatile NodeFiles.@Nullable Held held;
    private volatile String trouble;

    /** The content of a token file that the manager will not accept, however often it is asked. */
    private String refusedToken = "";

    private String joiningBy = "";
    private KeyPair joiningKey = Certificates.newKey();

    private String lastLogged = "";

    /** @throws IOException if there is an identity that cannot be used; the message says where */
    public NodeIdentityKeeper(NodeSettings settings, Clock clock, MeterRegistry registry) throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.files = new NodeFiles(settings.directory());
        this.manager = new ManagerClient(settings.managers());
        this.held = files.read().orElse(null);
        this.trouble = "no identity yet: put a join token (nvgate join-token create) into " + settings.joinTokenFile();
        Gauge.builder("nvgate.identity.certificate.expiry", this, NodeIdentityKeeper::secondsLeft)
                .strongReference(true)
                .baseUnit("seconds")
                .description("Seconds until this node's certificate expires; NaN without one")
                .register(registry);
        requireSelf();
    }

    private void requireSelf() throws IOException {
        NodeFiles.Held now = held;
        if (now != null) {
            IdentityUri uri = IdentityUri.of(now.own().certificate())
                    .orElseThrow(() -> new IOException(
                            settings.directory() + " holds a certificate that names no node of nvgate"));
            if (uri.role() != settings.role()
                    || !uri.name().equals(settings.node().name())) {
                throw new IOException(settings.directory() + " holds the certificate of "
                        + uri.role().label() + "/"
                        + uri.name() + ", and this is " + settings.node()
                        + ": remove it and join by a token of its own");
            }
        }
    }

    /** Looks now, and from now on. Returns at once. */
    public void start() {
        schedule(Duration.ZERO);
    }

    private void schedule(Duration wait) {
        try {
            ScheduledFuture<?> _ = timer.schedule(this::look, wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped");
        }
    }

    private double secondsLeft() {
        NodeFiles.Held now = held;
        return now == null
                ? Double.NaN
                : Duration.between(
                                        clock.instant(),
                                        now.own().certificate().getNotAfter().toInstant())
                                .toMillis()
                        / 1000.0;
    }

    @Override
    public Optional<Credentials> credentials() {
        return Optional.ofNullable(held).map(NodeFiles.Held::own);
    }

    @Override
    public Optional<String> missing() {
        return held == null ? Optional.of(trouble) : Optional.empty();
    }

    @Override
    public Optional<Peer.Refused> judgeManager(List<X509Certificate> chain) {
        NodeFiles.Held now = held;
        if (now == null) {
            return PathCheck.refused(Peer.Reason.UNKNOWN_CA, "this node trusts nobody yet");
        }
        return ManagerCheck.objection(chain, now.authorities(), clock.instant(), fabric(now));
    }

    private static Optional<String> fabric(NodeFiles.Held now) {
        return IdentityUri.of(now.own().certificate()).map(IdentityUri::fabricId);
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    private void look() {
        Duration wait;
        try {
            wait = step();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            wait = failed(describe(e));
        } catch (ManagerClient.DeniedException e) {
            wait = failed("the manager refuses: " + e.code() + ": " + e.getMessage());
        }
        schedule(wait);
    }

    private Duration failed(String why) {
        if (held == null) {
            trouble = "no identity yet: " + why;
        }
        if (!why.equals(lastLogged)) {
            lastLogged = why;
            LOG.warn("{} has no new certificate, trying again: {}", settings.node(), why);
        }
        return held == null ? WITHOUT_IDENTITY : min(settings.check(), AFTER_FAILURE_MAX);
    }

    private static String describe(Exception e) {
        return e instanceof IOException ? TlsFaults.explain(e, "the manager").text() : String.valueOf(e.getMessage());
    }

    private static Duration min(Duration first, Duration second) {
        return first.compareTo(second) < 0 ? first : second;
    }

    /** How long to wait for the next one. */
    private Duration step()
            throws IOException, GeneralSecurityException, ManagerClient.DeniedException, InterruptedException {
        Optional<String> token = token();
        if (token.isPresent()) {
            join(token.get());
        } else {
            NodeFiles.Held now = held;
            if (now == null) {
                return WITHOUT_IDENTITY;
            }
            follow(now);
        }
        lastLogged = "";
        return next();
    }

    /** In the token file, unless the manager has refused it. */
    private Optional<String> token() throws IOException {
        Path file = settings.joinTokenFile();
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = Files.readString(file).strip();
        return text.isEmpty() || text.equals(refusedToken) ? Optional.empty() : Optional.of(text);
    }

    private void join(String text)
            throws IOException, GeneralSecurityException, ManagerClient.DeniedException, InterruptedException {
        Optional<Token> token = Token.parse(text);
        if (token.isEmpty()) {
            refusedToken = text;
            throw new IOException(settings.joinTokenFile() + " holds no join token");
        }
        if (!text.equals(joiningBy)) {
            joiningKey = Certificates.newKey();
            joiningBy = text;
        }
        // The same key for all attempts: if the answer to one is lost, the manager knows the next one by it.
        KeyPair key = joiningKey;
        ManagerClient.Answer answer;
        try {
            answer = manager.join(
                    chain -> ManagerCheck.pinned(chain, token.get(), clock.instant()),
                    text,
                    Certificates.newRequest(key, settings.node().toString()));
        } catch (ManagerClient.DeniedException e) {
            if (e.code().startsWith("token-")) {
                refusedToken = text;
            }
            throw e;
        }
        take(key, answer);
        Files.deleteIfExists(settings.joinTokenFile());
        LOG.info("{} has joined, {}", settings.node(), credentials().orElseThrow());
    }

    private void follow(NodeFiles.Held now)
            throws IOException, GeneralSecurityException, ManagerClient.DeniedException, InterruptedException {
        ManagerClient.Answer answer = manager.trusted(now.own(), this::judgeManager);
        List<X509Certificate> authorities = Pem.certificates(answer.trusted());
        if (!authorities.equals(now.authorities())) {
            files.writeTrusted(answer.trusted());
            held = new NodeFiles.Held(now.own(), authorities);
            LOG.info(
                    "the fabric has {} CAs, the first with fingerprint {}",
                    authorities.size(),
                    Token.fingerprint(authorities.getFirst()));
            listeners.tell();
        }
        boolean newAuthority = !authorities
                .getFirst()
                .getSubjectX500Principal()
                .equals(now.own().certificate().getIssuerX500Principal());
        if (newAuthority || Renewal.isDue(now.own().certificate(), clock.instant())) {
            KeyPair key = Certificates.newKey();
            take(
                    key,
                    manager.renew(
                            now.own(),
                            this::judgeManager,
                            Certificates.newRequest(key, settings.node().toString())));
            LOG.info(
                    "{} has a new certificate, {}",
                    settings.node(),
                    credentials().orElseThrow());
        }
    }

    private void take(KeyPair key, ManagerClient.Answer answer) throws IOException, GeneralSecurityException {
        String certificates =
                answer.certificates().orElseThrow(() -> new IOException("the manager gave no certificate"));
        NodeFiles.Held next = NodeFiles.held(key.getPrivate(), certificates, answer.trusted());
        IdentityUri uri = IdentityUri.of(next.own().certificate())
                .orElseThrow(() -> new IOException("the manager's certificate names no node"));
        if (uri.role() == NodeRole.MANAGER
                || uri.role() != settings.role()
                || !uri.name().equals(settings.node().name())) {
            throw new IOException(
                    "the manager gave the certificate of " + uri.role().label() + "/" + uri.name());
        }
        files.write(key, certificates, answer.trusted());
        held = next;
        listeners.tell();
    }

    /** A check, or the time to renew if that is sooner; spread, so that nodes do not ask all at once. */
    private Duration next() {
        NodeFiles.Held now = held;
        if (now == null) {
            return WITHOUT_IDENTITY;
        }
        Instant due = Renewal.due(now.own().certificate());
        Duration untilDue = Duration.between(clock.instant(), due);
        Duration wait = untilDue.isPositive() ? min(settings.check(), untilDue) : settings.check();
        double spread = RandomGenerator.getDefault().nextDouble(0.9, 1.0);
        return Duration.ofMillis(Math.max(50, (long) (wait.toMillis() * spread) + 1));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
