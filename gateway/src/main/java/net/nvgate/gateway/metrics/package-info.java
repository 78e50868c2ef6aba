/** What the gateway tells Prometheus and health checks. */
@NullMarked
package net.nvgate.gateway.metrics;

import org.jspecify.annotations.NullMarked;
