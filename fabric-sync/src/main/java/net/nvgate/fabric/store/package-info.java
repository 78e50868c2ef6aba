/** Where the fabric is kept: revisioned transactions, typed conflicts, a watch that misses nothing. */
@NullMarked
package net.nvgate.fabric.store;

import org.jspecify.annotations.NullMarked;
