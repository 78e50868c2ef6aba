/** Off-heap tables of the data path: written by one control thread, read by workers without locks. */
@NullMarked
package net.nvgate.gateway.route;

import org.jspecify.annotations.NullMarked;
