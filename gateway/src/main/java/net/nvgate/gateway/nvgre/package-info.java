/** NVGRE (RFC 7637): the GRE header with a VSID, in and out. */
@NullMarked
package net.nvgate.gateway.nvgre;

import org.jspecify.annotations.NullMarked;
