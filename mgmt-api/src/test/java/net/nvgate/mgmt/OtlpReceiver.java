package net.nvgate.mgmt;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/** Takes traces by OTLP over HTTP, as a collector does. */
final class OtlpReceiver implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<Resource> resources = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    OtlpReceiver() {
        warm();
        server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
                .listen(0, "127.0.0.1")
                .await();
    }

    /** A slow machine loads these classes for longer than a manager waits for its collector, and what it has sent then is lost. */
    private static void warm() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder()
                .setResource(Resource.newBuilder()
                        .addAttributes(KeyValue.newBuilder().setKey("k")))
                .addScopeSpansBuilder()
                .addSpans(Span.newBuilder()
                        .setName("s")
                        .addEvents(Span.Event.newBuilder().setName("e")));
        try {
            var _ = ExportTraceServiceRequest.parseFrom(request.build().toByteArray());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + "/v1/traces");
    }

    private void take(HttpServerRequest request, Buffer body) {
        if (!request.path().equals("/v1/traces")
                || !"application/x-protobuf".equals(request.getHeader("Content-Type"))) {
            request.response().setStatusCode(400).end();
            return;
        }
        authorizations.add(String.valueOf(request.getHeader("Authorization")));
        byte[] bytes =
                "gzip".equals(request.getHeader("Content-Encoding")) ? unzipped(body.getBytes()) : body.getBytes();
        try {
            ExportTraceServiceRequest.parseFrom(bytes).getResourceSpansList().forEach(of -> {
                resources.add(of.getResource());
                of.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            });
        } catch (InvalidProtocolBufferException e) {
            request.response().setStatusCode(400).end();
            return;
        }
        request.response()
                .putHeader("Content-Type", "application/x-protobuf")
                .end(Buffer.buffer(
                        ExportTraceServiceResponse.getDefaultInstance().toByteArray()));
    }

    private static byte[] unzipped(byte[] bytes) {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those of a trace, as soon as they are as wanted; empty if they do not come within 30 s: a batch that took too long is lost. */
    Optional<List<Span>> await(String traceId, Predicate<List<Span>> wanted) {
        ByteString id = ByteString.copyFrom(HexFormat.of().parseHex(traceId));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            List<Span> found =
                    spans.stream().filter(span -> span.getTraceId().equals(id)).toList();
            if (wanted.test(found)) {
                return Optional.of(found);
            }
            if (System.nanoTime() > deadline) {
                return Optional.empty();
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    List<Span> all() {
        return List.copyOf(spans);
    }

    List<Resource> resources() {
        return List.copyOf(resources);
    }

    List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    static String attribute(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(one -> one.getKey().equals(key))
                .map(one -> one.getValue().hasIntValue()
                        ? String.valueOf(one.getValue().getIntValue())
                        : one.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        server.close().await();
        vertx.close().await();
    }
}
