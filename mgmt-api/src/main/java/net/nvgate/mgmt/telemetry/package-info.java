/** Traces of requests and of what becomes of changes (OpenTelemetry), and the trace ids that histograms show. */
@org.jspecify.annotations.NullMarked
package net.nvgate.mgmt.telemetry;
