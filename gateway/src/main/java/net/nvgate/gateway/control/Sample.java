package net.nvgate.gateway.control;

import java.util.Map;

/**
 * One value of the data path, as metrics and the counters view show it.
 *
 * @param name Prometheus name without {@code _total}
 * @param help one line
 * @param counter only grows; else a gauge
 * @param labels in the order to show them
 */
public record Sample(String name, String help, boolean counter, Map<String, String> labels, double value) {

    static Sample counter(String name, String help, Map<String, String> labels, double value) {
        return new Sample(name, help, true, labels, value);
    }

    static Sample counter(String name, String help, Map<String, String> labels, long value) {
        return counter(name, help, labels, (double) value);
    }

    static Sample gauge(String name, String help, Map<String, String> labels, long value) {
        return gauge(name, help, labels, (double) value);
    }

    static Sample gauge(String name, String help, Map<String, String> labels, double value) {
        return new Sample(name, help, false, labels, value);
    }

    /** The name in expositions. */
    public String exposedName() {
        return counter ? name + "_total" : name;
    }
}
