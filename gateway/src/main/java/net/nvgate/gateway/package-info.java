/** The gateway process: puts ports, tables, worker and sync stream together. */
@NullMarked
package net.nvgate.gateway;

import org.jspecify.annotations.NullMarked;
