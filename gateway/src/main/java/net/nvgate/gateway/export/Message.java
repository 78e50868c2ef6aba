package net.nvgate.gateway.export;

import io.netty.buffer.ByteBuf;

/**
 * Bytes for a collector, and how many records are in them.
 *
 * @param bytes whoever has the message releases them
 * @param records told of by the collector's subscription
 * @param sequenced records that IPFIX counts in its sequence number: those of options, too
 */
record Message(ByteBuf bytes, int records, int sequenced) {}
