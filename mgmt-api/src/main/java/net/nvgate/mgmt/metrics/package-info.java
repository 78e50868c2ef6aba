/** What the manager tells Prometheus. */
@NullMarked
package net.nvgate.mgmt.metrics;

import org.jspecify.annotations.NullMarked;
