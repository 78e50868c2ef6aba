/** Measurements of a gateway's control side that are run by hand: fabric-sync/docs/scale.md. */
@NullMarked
package net.nvgate.gateway.scale;

import org.jspecify.annotations.NullMarked;
