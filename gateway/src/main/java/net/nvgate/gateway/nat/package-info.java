/** NAT44: external ports, endpoint-independent mappings, TCP states, timers, embedded ICMP headers. */
@NullMarked
package net.nvgate.gateway.nat;

import org.jspecify.annotations.NullMarked;
