/** The manager process. */
@NullMarked
package net.nvgate.mgmt;

import org.jspecify.annotations.NullMarked;
