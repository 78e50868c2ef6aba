/** The path of a packet: the worker's loop, its passes over a burst, and every reason to drop. */
@NullMarked
package net.nvgate.gateway.worker;

import org.jspecify.annotations.NullMarked;
