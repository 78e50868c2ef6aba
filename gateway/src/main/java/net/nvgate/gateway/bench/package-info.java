/** The forwarding bench: the real worker between DPDK ports that need neither hardware nor peer. See gateway/docs/performance.md. */
@NullMarked
package net.nvgate.gateway.bench;

import org.jspecify.annotations.NullMarked;
