package net.nvgate.fabric.identity;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Contexts of the JDK's TLS 1.3 whose certificates can change while they are in use. */
final class Tls {

    static final String VERSION = "TLSv1.3";

    /** ALPN (RFC 7301) of the sync stream; whatever else a client wants is HTTP. */
    static final String SYNC = "nvgate-sync";

    static final String HTTP = "http/1.1";

    private Tls() {}

    /** Of a server that lets every handshake succeed, and judges after it. */
    static SSLContext server(Supplier<Optional<Credentials>> own) {
        return context(new CurrentKey(own), new Judge(_ -> Optional.empty()));
    }

    /**
     * Of a client.
     *
     * @param judge why a server's chain is not good, empty if it is
     */
    static SSLContext client(
            Supplier<Optional<Credentials>> own, Function<List<X509Certificate>, Optional<Peer.Refused>> judge) {
        return context(new CurrentKey(own), new Judge(judge));
    }

    /** What {@link #server} shows, for a server that makes its context itself. */
    static X509ExtendedKeyManager keys(Supplier<Optional<Credentials>> own) {
        return new CurrentKey(own);
    }

    private static SSLContext context(KeyManager keys, TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance(VERSION);
            context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + VERSION, e);
        }
    }

    /** A certificate is refused. */
    static final class RefusedException extends CertificateException {

        private static final long serialVersionUID = 1L;

        private final transient Peer.Refused refused;

        RefusedException(Peer.Refused refused) {
            super(refused.text());
            this.refused = refused;
        }

        Peer.Refused refused() {
            return refused;
        }
    }

    /** An extended manager: the JDK adds no checks of its own to it. */
    private static final class Judge extends X509ExtendedTrustManager {

        private final Function<List<X509Certificate>, Optional<Peer.Refused>> judge;

        Judge(Function<List<X509Certificate>, Optional<Peer.Refused>> judge) {
            this.judge = judge;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            Optional<Peer.Refused> refused = judge.apply(List.of(chain));
            if (refused.isPresent()) {
                throw new RefusedException(refused.get());
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** An alias stands for the credentials of one moment, so that a handshake never mixes two. */
    private static final class CurrentKey extends X509ExtendedKeyManager {

        private static final int ALIASES_MAX = 4;

        private final Supplier<Optional<Credentials>> own;
        private final AtomicLong aliases = new AtomicLong();
        private final Map<String, Credentials> byAlias = new ConcurrentHashMap<>();
        private @Nullable Credentials latest;
        private String latestAlias = "";

        CurrentKey(Supplier<Optional<Credentials>> own) {
            this.own = own;
        }

        private synchronized @Nullable String alias(String keyType) {
            Credentials now = own.get().orElse(null);
            if (now == null || !now.key().getAlgorithm().equals(keyType)) {
                return null;
            }
            if (!now.equals(latest)) {
                latest = now;
                long number = aliases.incrementAndGet();
                latestAlias = Long.toString(number);
                byAlias.put(latestAlias, now);
                byAlias.remove(Long.toString(number - ALIASES_MAX));
            }
            return latestAlias;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return first(keyTypes);
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return first(keyTypes);
        }

        private @Nullable String first(String[] keyTypes) {
            for (String keyType : keyTypes) {
                String alias = alias(keyType);
                if (alias != null) {
                    return alias;
                }
            }
            return null;
        }

        @Override
        public X509Certificate @Nullable [] getCertificateChain(String alias) {
            Credentials held = byAlias.get(alias);
            return held == null ? null : held.chain().toArray(new X509Certificate[0]);
        }

        @Override
        public @Nullable PrivateKey getPrivateKey(String alias) {
            Credentials held = byAlias.get(alias);
            return held == null ? null : held.key();
        }

        @Override
        public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }
    }
}
