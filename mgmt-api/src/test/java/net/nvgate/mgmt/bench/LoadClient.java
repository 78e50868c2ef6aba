package net.nvgate.mgmt.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import net.nvgate.mgmt.bench.OpenLoop.Answer;

/** Requests over TLS connections that are kept, as browsers and programs make them; the answers are read to the end. */
final class LoadClient implements AutoCloseable {

    private static final int CONNECTIONS = 64;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final int port;

    LoadClient(int port, Path ca) {
        this.port = port;
        http = vertx.createHttpClient(
                new HttpClientOptions()
                        .setSsl(true)
                        .setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()))
                        .setKeepAliveTimeout(600),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    /** What came back of a request. */
    record Reply(int status, Buffer body) {}

    /** @param what it is counted as */
    Future<Answer> ask(String what, HttpMethod method, String path, String token, String body) {
        return send(method, path, token, body).map(reply -> new Answer(what, reply.status()));
    }

    Future<Reply> send(HttpMethod method, String path, String token, String body) {
        return http.request(method, port, "127.0.0.1", path).compose(request -> {
            request.putHeader("Authorization", "Bearer " + token);
            if (!body.isEmpty()) {
                request.putHeader("Content-Type", "application/json");
            }
            return request.send(Buffer.buffer(body))
                    .compose(response -> response.body().map(read -> new Reply(response.statusCode(), read)));
        });
    }

    @Override
    public void close() {
        http.close().await();
        vertx.close().await();
    }
}
