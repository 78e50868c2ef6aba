package net.nvgate.gateway.worker;

/**
 * Something rare that happened in a worker, once or many times within a second.
 *
 * @param domain index of the routing domain, 0 = none
 * @param insideAddress CA of the last occurrence, host order, 0 = none; of a NAT64 host its handle
 * @param externalAddress NAT address of the last occurrence, host order, 0 = none
 * @param protocol IANA number of the last occurrence, 0 = none
 * @param count occurrences since the last event of the kind and domain, at least 1
 */
public record Event(EventKind kind, int domain, int insideAddress, int externalAddress, int protocol, long count) {}
