/** The gateway's configuration file. */
@NullMarked
package net.nvgate.gateway.config;

import org.jspecify.annotations.NullMarked;
