/** Looking at changes of the fabric before and after they are made: dry runs with policy, history, undo. */
@NullMarked
package net.nvgate.fabric.change;

import org.jspecify.annotations.NullMarked;
