/** What a gateway process leaves for the next one: its sessions, in a checked file. See docs/restart.md. */
@NullMarked
package net.nvgate.gateway.kept;

import org.jspecify.annotations.NullMarked;
