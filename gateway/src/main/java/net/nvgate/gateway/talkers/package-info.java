/** Who sends and receives how much: totals of VMs and NAT rules in bounded memory, and rates of the last seconds. */
@NullMarked
package net.nvgate.gateway.talkers;

import org.jspecify.annotations.NullMarked;
