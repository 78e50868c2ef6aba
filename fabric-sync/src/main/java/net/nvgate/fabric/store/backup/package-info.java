/**
 * A store as a file, and from one place to another: backup, restore, verification, move. One format for all stores.
 */
@NullMarked
package net.nvgate.fabric.store.backup;

import org.jspecify.annotations.NullMarked;
