/** What collectors are sent, by its bytes and as other programs read it. */
@NullMarked
package net.nvgate.gateway.export;

import org.jspecify.annotations.NullMarked;
