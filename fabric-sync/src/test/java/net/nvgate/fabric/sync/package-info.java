/** Tests of the sync stream, over real sockets and real files. */
@NullMarked
package net.nvgate.fabric.sync;

import org.jspecify.annotations.NullMarked;
