package net.nvgate.mgmt.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves the web UI from the class path, {@code /web}. Paths without a file extension are pages of the UI (deep links)
 * and get index.html. Files under /assets have a hash in their name and are cached for good.
 */
final class WebUi {

    private static final Pattern FILE = Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final String INDEX = "/index.html";

    static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
                    + "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final String NOT_BUILT = """
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><title>nvgate</title></head>
            <body>
            <h1>nvgate fabric manager</h1>
            <p>This manager was built without its web UI. Build it again, with Node.js 20 installed and without
            <code>-Dweb.skip</code>:</p>
            <pre>mvn package</pre>
            <p>The API is at <a href="/api/v1/fabric">/api/v1/fabric</a>, its contract at
            <a href="/openapi.yaml">/openapi.yaml</a>, metrics at <a href="/metrics">/metrics</a>.</p>
            </body>
            </html>
            """;

    /** @param compressed by gzip, if that makes it smaller; done by the build, or once instead of for each who asks */
    record Asset(Buffer bytes, Optional<Buffer> compressed, String type, String etag, boolean immutable) {

        static Asset of(String file, byte[] bytes) {
            return of(file, bytes, WebUi.compress(bytes));
        }

        /** @param compressed as the build has made it, or nothing if it is not worth it */
        static Asset of(String file, byte[] bytes, byte[] compressed) {
            return new Asset(
                    Buffer.buffer(bytes),
                    Optional.of(compressed)
                            .filter(shorter -> shorter.length < bytes.length * 9L / 10)
                            .map(Buffer::buffer),
                    WebUi.type(file),
                    WebUi.etag(bytes),
                    file.startsWith("/assets/"));
        }
    }

    /** Only files that exist are kept, so that it cannot outgrow the jar. */
    private final Map<String, Asset> cache = new ConcurrentHashMap<>();

    private final String root;
    private final BlockingCalls blocking;

    /** @param root folder on the class path, {@code /web} */
    WebUi(String root, BlockingCalls blocking) {
        this.root = root;
        this.blocking = blocking;
    }

    /** True for requests that are for a page or a file rather than the API. */
    static boolean wants(RoutingContext context) {
        HttpMethod method = context.request().method();
        return (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD))
                && !context.request().path().startsWith("/api/");
    }

    void handle(RoutingContext context) {
        String path = context.request().path();
        boolean page = path.equals("/") || path.lastIndexOf('.') < path.lastIndexOf('/');
        String file = page ? INDEX : path;
        Asset known = cache.get(file);
        if (known != null) {
            send(context, known);
            return;
        }
        blocking.run(() -> find(file))
                .onSuccess(asset -> asset.ifPresentOrElse(a -> send(context, a), () -> missing(context, page)))
                .onFailure(context::fail);
    }

    private Optional<Asset> find(String file) throws IOException {
        if (!FILE.matcher(file).matches()) {
            return Optional.empty();
        }
        try (InputStream in = WebUi.class.getResourceAsStream(root + file)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            Optional<byte[]> compressed = resource(file + ".gz");
            Asset asset = compressed.isPresent() ? Asset.of(file, bytes, compressed.get()) : Asset.of(file, bytes);
            cache.put(file, asset);
            return Optional.of(asset);
        }
    }

    private Optional<byte[]> resource(String file) throws IOException {
        try (InputStream in = WebUi.class.getResourceAsStream(root + file)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        }
    }

    private static String type(String file) {
        String type = MimeMapping.mimeTypeForFilename(file);
        if (type == null) {
            return "application/octet-stream";
        }
        return type.startsWith("text/") || type.equals("application/javascript") ? type + "; charset=utf-8" : type;
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(hash, 0, 12) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static void send(RoutingContext context, Asset asset) {
        HttpServerResponse response = harden(context.response())
                .putHeader("ETag", asset.etag())
                .putHeader("Cache-Control", asset.immutable() ? "public, max-age=31536000, immutable" : "no-cache");
        if (asset.etag().equals(context.request().getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", asset.type());
        if (asset.compressed().isPresent()) {
            response.putHeader("Vary", "Accept-Encoding");
            if (takesGzip(context.request().getHeader("Accept-Encoding"))) {
                finish(
                        context,
                        response.putHeader("Content-Encoding", "gzip"),
                        asset.compressed().get());
                return;
            }
        }
        finish(context, response, asset.bytes());
    }

    /** RFC 9110 §12.5.3, of what browsers send: gzip is named, and not with the weight 0. */
    static boolean takesGzip(@Nullable String accepted) {
        if (accepted == null) {
            return false;
        }
        for (String coding : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = coding.replace(" ", "").split(";", 2);
            if (parts[0].equals("gzip")) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        }) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no file
        }
        return compressed.toByteArray();
    }

    private static void missing(RoutingContext context, boolean page) {
        if (!page) {
            context.fail(404);
            return;
        }
        HttpServerResponse response = harden(context.response())
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", "text/html; charset=utf-8");
        finish(context, response, Buffer.buffer(NOT_BUILT));
    }

    private static void finish(RoutingContext context, HttpServerResponse response, Buffer body) {
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", String.valueOf(body.length())).end();
        } else {
            response.end(body);
        }
    }

    private static HttpServerResponse harden(HttpServerResponse response) {
        return response.putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer");
    }
}
