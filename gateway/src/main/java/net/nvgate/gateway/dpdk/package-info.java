/** DPDK through java.lang.foreign: no C of ours. */
@NullMarked
package net.nvgate.gateway.dpdk;

import org.jspecify.annotations.NullMarked;
