/** The table of sessions that a worker forwards by: one hash lookup per packet and direction. */
@NullMarked
package net.nvgate.gateway.flow;

import org.jspecify.annotations.NullMarked;
