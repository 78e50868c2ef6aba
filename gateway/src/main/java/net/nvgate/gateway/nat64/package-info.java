/** NAT64 (RFC 6146): addresses with IPv4 embedded (RFC 6052), header and ICMP translation (RFC 7915), inside hosts of IPv6. */
@NullMarked
package net.nvgate.gateway.nat64;

import org.jspecify.annotations.NullMarked;
