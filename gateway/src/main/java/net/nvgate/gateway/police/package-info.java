/**
 * Rates that tenants may not exceed: token buckets that are exact to the nanosecond ({@link net.nvgate.gateway.police.Meters}),
 * and short queues, fair to VMs and flows, for what a tenant wants to wait rather than be dropped
 * ({@link net.nvgate.gateway.police.FairQueues}). All of one worker, nothing is shared, nothing allocates after the start.
 */
@NullMarked
package net.nvgate.gateway.police;

import org.jspecify.annotations.NullMarked;
