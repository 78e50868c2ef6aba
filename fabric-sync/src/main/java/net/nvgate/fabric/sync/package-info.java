/** The sync stream between the manager and its followers, both ends. Protocol: {@code sync.proto}. */
@NullMarked
package net.nvgate.fabric.sync;

import org.jspecify.annotations.NullMarked;
