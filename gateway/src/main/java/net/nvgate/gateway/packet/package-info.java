/** Header layouts as static readers and writers over raw addresses, and checksums. */
@NullMarked
package net.nvgate.gateway.packet;

import org.jspecify.annotations.NullMarked;
