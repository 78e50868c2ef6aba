/** The manager's configuration file. */
@NullMarked
package net.nvgate.mgmt.config;

import org.jspecify.annotations.NullMarked;
