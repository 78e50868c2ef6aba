package net.nvgate.gateway.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.nvgate.gateway.control.DataPath;
import net.nvgate.gateway.control.Sample;
import net.nvgate.gateway.control.Samples;

/**
 * Reads the data path's numbers when somebody scrapes, into the same exposition as Micrometer's meters. Series come and go
 * with VSIDs, and nothing is touched per packet.
 */
final class DataPathCollector implements MultiCollector {

    private final DataPath path;

    DataPathCollector(DataPath path) {
        this.path = path;
    }

    @Override
    public MetricSnapshots collect() {
        Map<String, List<Sample>> byName = new LinkedHashMap<>();
        for (Sample sample : Samples.read(path)) {
            byName.computeIfAbsent(sample.name(), _ -> new ArrayList<>()).add(sample);
        }
        List<MetricSnapshot> snapshots = new ArrayList<>();
        byName.values().forEach(samples -> snapshots.add(snapshot(samples)));
        return new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot snapshot(List<Sample> samples) {
        Sample first = samples.getFirst();
        return first.counter() ? counter(first, samples) : gauge(first, samples);
    }

    private static MetricSnapshot counter(Sample first, List<Sample> samples) {
        CounterSnapshot.Builder builder =
                CounterSnapshot.builder().name(first.name()).help(first.help());
        for (Sample sample : samples) {
            builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                    .labels(labels(sample))
                    .value(sample.value())
                    .build());
        }
        return builder.build();
    }

    private static MetricSnapshot gauge(Sample first, List<Sample> samples) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(first.name()).help(first.help());
        for (Sample sample : samples) {
            builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                    .labels(labels(sample))
                    .value(sample.value())
                    .build());
        }
        return builder.build();
    }

    private static Labels labels(Sample sample) {
        Labels labels = Labels.EMPTY;
        for (Map.Entry<String, String> label : sample.labels().entrySet()) {
            labels = labels.add(label.getKey(), label.getValue());
        }
        return labels;
    }
}
