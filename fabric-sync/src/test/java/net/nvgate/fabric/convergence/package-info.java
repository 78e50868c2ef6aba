/** Tests of convergence, with a clock that stands still until it is moved. */
@NullMarked
package net.nvgate.fabric.convergence;

import org.jspecify.annotations.NullMarked;
