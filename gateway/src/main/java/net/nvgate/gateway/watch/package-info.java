/** What a worker reports of packets that somebody watches: which ones, how it writes that down, and who reads it. */
@NullMarked
package net.nvgate.gateway.watch;

import org.jspecify.annotations.NullMarked;
