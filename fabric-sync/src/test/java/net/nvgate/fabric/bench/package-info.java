/** Measurements that are run by hand. */
@NullMarked
package net.nvgate.fabric.bench;

import org.jspecify.annotations.NullMarked;
