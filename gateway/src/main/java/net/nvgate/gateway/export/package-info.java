/**
 * Tells collectors what NAT did: sessions, port blocks, flows and events, by IPFIX (RFC 7011, RFC 8158) and syslog (RFC 5424).
 * docs/export.md explains it.
 *
 * <pre>
 *  worker ─ SessionEvents ─▶ SessionSource ─┐
 *  control thread ─ blocks, events ─ queue ─┼─▶ Export ─▶ Collector: filter ─▶ Format ─▶ Outbox ─▶ Link ─▶ network
 *                                           │                 one per collector, all on one event loop
 * </pre>
 */
@NullMarked
package net.nvgate.gateway.export;

import org.jspecify.annotations.NullMarked;
