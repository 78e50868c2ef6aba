package net.nvgate.fabric.hyperv;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import net.nvgate.fabric.model.FabricJson;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import tools.jackson.databind.JsonNode;

/** Plays a host's agent over real HTTPS: RSA keys and TLS 1.2, as Windows Server 2016 has them, unless told otherwise. */
public final class AgentPlayer implements AutoCloseable {

    private final URI manager;
    private final String protocol;
    private final String trusted;
    private final HttpClient client;

    private AgentPlayer(URI manager, String protocol, String trusted, HttpClient client) {
        this.manager = manager;
        this.protocol = protocol;
        this.trusted = trusted;
        this.client = client;
    }

    /** @param trusted the managers' CAs, PEM */
    public static AgentPlayer stranger(URI manager, String trusted, String protocol) throws Exception {
        return new AgentPlayer(manager, protocol, trusted, client(trusted, protocol, Optional.empty()));
    }

    /** With the key and the certificate that a manager gave for a token. */
    public AgentPlayer joined(String token) throws Exception {
        KeyPair key = rsa();
        HttpResponse<String> given = post("/v1/join", Map.of("token", token, "request", request(key)));
        if (given.statusCode() != 200) {
            throw new IOException(given.body());
        }
        return with(key, FabricJson.mapper().readTree(given.body()));
    }

    AgentPlayer with(KeyPair key, JsonNode given) throws Exception {
        return with(key, given.get("certificates").asString());
    }

    /** @param chainPem the host's own certificate first */
    public AgentPlayer with(KeyPair key, String chainPem) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null);
        Collection<? extends Certificate> chain = certificates(chainPem);
        store.setKeyEntry("host", key.getPrivate(), new char[0], chain.toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        return new AgentPlayer(manager, protocol, trusted, client(trusted, protocol, Optional.of(keys)));
    }

    private static HttpClient client(String trusted, String protocol, Optional<KeyManagerFactory> keys)
            throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null);
        int number = 0;
        for (Certificate authority : certificates(trusted)) {
            store.setCertificateEntry("ca" + number++, authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.map(KeyManagerFactory::getKeyManagers).orElse(null), trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(new SSLParameters(null, new String[] {protocol}))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(60))
                .build();
    }

    public static KeyPair rsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    public static String request(KeyPair key) throws Exception {
        byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Principal("CN=nvgate"), key.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(key.getPrivate()))
                .getEncoded();
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static Collection<? extends Certificate> certificates(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(manager.resolve(path))
                .timeout(Duration.ofMinutes(2))
                .header("User-Agent", "nvgate-agent/test");
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    public CompletableFuture<HttpResponse<String>> policy(String query, String tag) {
        return client.sendAsync(
                to("/v1/policy" + query).header("If-None-Match", tag).build(), HttpResponse.BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
        return post(path, FabricJson.write(body));
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return client.send(
                to(path).POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        client.close();
    }
}
