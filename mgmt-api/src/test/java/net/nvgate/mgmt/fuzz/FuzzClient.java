package net.nvgate.mgmt.fuzz;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Sends requests one after the other, as they are: nothing of a path is escaped or put right. */
public final class FuzzClient implements AutoCloseable {

    private static final Set<String> ENDLESS = Set.of("getEvents", "watchChanges");
    private static final int PATIENCE_SECONDS = 120;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http;
    private final int port;

    public FuzzClient(int port) {
        this.port = port;
        this.http = vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(1));
    }

    public FuzzAnswer send(FuzzRequest request) throws Exception {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(HttpMethod.valueOf(request.method()))
                .setURI(request.target());
        request.headers().forEach(options::putHeader);
        boolean endless = ENDLESS.contains(request.operation().id());
        return http.request(options)
                .compose(sent -> (request.body() == null
                                ? sent.send()
                                : sent.send(Buffer.buffer(request.body().toArray())))
                        .compose(response -> {
                            if (endless && response.statusCode() == 200) {
                                FuzzAnswer answer = answer(response, "");
                                var _ = sent.reset();
                                return io.vertx.core.Future.succeededFuture(answer);
                            }
                            return response.body().map(body -> answer(response, body.toString()));
                        }))
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static FuzzAnswer answer(HttpClientResponse response, String body) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return new FuzzAnswer(response.statusCode(), headers, body);
    }

    @Override
    public void close() {
        http.close().await();
        vertx.close().await();
    }
}
