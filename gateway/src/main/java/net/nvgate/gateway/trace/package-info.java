/** What became of a packet and why, in words: for those who run the gateway, and for the tenants whose packets they are. */
@NullMarked
package net.nvgate.gateway.trace;

import org.jspecify.annotations.NullMarked;
