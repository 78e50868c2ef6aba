package net.nvgate.mgmt.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.nvgate.mgmt.config.TelemetryConfig;
import org.jspecify.annotations.Nullable;

/** Traces of requests, sent to a collector by OTLP over HTTP; there are none unless a collector is configured. */
public final class Traces implements AutoCloseable {

    /** What waits for the collector, in spans; more are dropped. */
    private static final int QUEUE_MAX = 8192;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final int CLOSE_MILLIS_MAX = 1000;

    private static final String SCOPE = "net.nvgate.manager";
    private static final Set<String> LOOKS = Set.of("GET", "HEAD", "OPTIONS");

    /** W3C Trace Context, version 00; later versions may have more behind. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private final Optional<SdkTracerProvider> provider;
    private final Tracer tracer;
    private final double readsPercent;
    private final Clock clock;
    private final ChangeTraces changes;

    private Traces(Optional<SdkTracerProvider> provider, double readsPercent, Clock clock, MeterRegistry registry) {
        this.provider = provider;
        this.readsPercent = readsPercent;
        this.clock = clock;
        tracer = provider.<TracerProvider>map(sdk -> sdk)
                .orElseGet(TracerProvider::noop)
                .get(SCOPE);
        changes = new ChangeTraces(tracer, provider.isPresent(), registry);
    }

    /**
     * @param config absent = no traces
     * @param instance name of this manager
     * @throws IOException if a file of the configuration cannot be read
     */
    public static Traces open(
            Optional<TelemetryConfig> config, String version, String instance, Clock clock, MeterRegistry registry)
            throws IOException {
        if (config.isEmpty()) {
            return new Traces(Optional.empty(), 0, clock, registry);
        }
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.of(
                        AttributeKey.stringKey("service.name"), config.get().serviceName(),
                        AttributeKey.stringKey("service.version"), version,
                        AttributeKey.stringKey("service.instance.id"), instance)));
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(resource)
                // Who is traced is decided before a span begins.
                .setSampler(Sampler.alwaysOn())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter(config.get()))
                        .setMaxQueueSize(QUEUE_MAX)
                        .setScheduleDelay(DELAY)
                        .build())
                .build();
        return new Traces(Optional.of(provider), config.get().readsPercent(), clock, registry);
    }

    private static OtlpHttpSpanExporter exporter(TelemetryConfig config) throws IOException {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(config.endpoint().toString())
                .setTimeout(TIMEOUT);
        if (config.caFile().isPresent()) {
            exporter.setTrustedCertificates(Files.readAllBytes(config.caFile().get()));
        }
        if (config.headersFile().isPresent()) {
            for (String line : Files.readAllLines(config.headersFile().get())) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    exporter.addHeader(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                }
            }
        }
        return exporter.build();
    }

    /** Hears what becomes of changes. */
    public ChangeTraces changes() {
        return changes;
    }

    /**
     * The trace of a request that begins: of every one that may change something, of some that look, and of those whose sender traces.
     *
     * @param traceparent header of that name
     * @return empty if it is not to be traced
     */
    public Optional<RequestTrace> begin(String method, String route, @Nullable String traceparent) {
        if (provider.isEmpty()) {
            return Optional.empty();
        }
        Matcher header = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        SpanContext parent = header.matches()
                ? SpanContext.createFromRemoteParent(
                        header.group(1),
                        header.group(2),
                        TraceFlags.fromHex(header.group(3), 0),
                        TraceState.getDefault())
                : SpanContext.getInvalid();
        boolean wanted = parent.isValid()
                ? parent.isSampled()
                : !LOOKS.contains(method) || ThreadLocalRandom.current().nextDouble() * 100 < readsPercent;
        if (!wanted) {
            return Optional.empty();
        }
        Context around = parent.isValid() ? Context.root().with(Span.wrap(parent)) : Context.root();
        return Optional.of(new RequestTrace(tracer, changes, clock, around, method, route));
    }

    /** Sends what waits, for a second at most. */
    @Override
    public void close() {
        provider.ifPresent(sdk -> {
            sdk.forceFlush().join(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
            sdk.shutdown();
        });
    }
}
