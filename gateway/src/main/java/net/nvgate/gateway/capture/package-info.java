/** Packets that were watched, as a file for Wireshark. */
@NullMarked
package net.nvgate.gateway.capture;

import org.jspecify.annotations.NullMarked;
