/** Seeded histories of a fabric with several managers, on a network that loses and delays. */
@NullMarked
package net.nvgate.fabric.simulation;

import org.jspecify.annotations.NullMarked;
