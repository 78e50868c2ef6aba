/** Which gateway or host has applied what, how late it is, and who must be told. */
@NullMarked
package net.nvgate.fabric.convergence;

import org.jspecify.annotations.NullMarked;
