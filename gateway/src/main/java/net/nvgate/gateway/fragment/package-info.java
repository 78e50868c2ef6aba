/** Follows fragmented datagrams without putting them together, and puts outer packets together. */
@NullMarked
package net.nvgate.gateway.fragment;

import org.jspecify.annotations.NullMarked;
