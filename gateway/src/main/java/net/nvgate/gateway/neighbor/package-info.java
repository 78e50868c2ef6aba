/** ARP and IPv6 neighbour discovery: who has which address on the networks the gateway has ports in. */
@NullMarked
package net.nvgate.gateway.neighbor;

import org.jspecify.annotations.NullMarked;
