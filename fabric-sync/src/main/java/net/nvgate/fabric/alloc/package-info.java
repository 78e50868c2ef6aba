/** Finds what is free: addresses, MACs, VSIDs, RDIDs. Plain data structures, not thread-safe. */
@NullMarked
package net.nvgate.fabric.alloc;

import org.jspecify.annotations.NullMarked;
