/** The forwarding bench: the real worker over net_pcap and net_null, no peer needed. */
@NullMarked
package net.nvgate.gateway.bench;

import org.jspecify.annotations.NullMarked;
