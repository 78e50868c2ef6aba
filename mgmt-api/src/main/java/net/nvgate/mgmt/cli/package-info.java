/** The {@code nvgate} command: fabric files from a terminal. */
@NullMarked
package net.nvgate.mgmt.cli;

import org.jspecify.annotations.NullMarked;
