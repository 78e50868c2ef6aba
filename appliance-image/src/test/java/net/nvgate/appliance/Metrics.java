package net.nvgate.appliance;

import java.util.HashMap;
import java.util.Map;

/**
 * A scrape in Prometheus text format.
 *
 * @param series series with its labels, as written, to value
 */
record Metrics(Map<String, Double> series) {

    static Metrics parse(String text) {
        Map<String, Double> series = new HashMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            series.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
        });
        return new Metrics(series);
    }

    /** Sum over all series of this name whose labels contain every given {@code name="value"}. */
    double sum(String name, String... labels) {
        return series.entrySet().stream()
                .filter(entry -> entry.getKey().equals(name) || entry.getKey().startsWith(name + "{"))
                .filter(entry -> java.util.Arrays.stream(labels).allMatch(entry.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** What grew since the earlier scrape, for series of this name. */
    Map<String, Double> growth(String name, Metrics earlier) {
        Map<String, Double> growth = new HashMap<>();
        series.forEach((key, value) -> {
            double before = earlier.series.getOrDefault(key, 0.0);
            if (key.startsWith(name + "{") && value > before) {
                growth.put(key, value - before);
            }
        });
        return growth;
    }
}
