package net.nvgate.gateway.control;

/** Told of dense indexes that nobody uses any more, before another one gets them: who counts by them begins anew. */
@FunctionalInterface
public interface FreedIndexes {

    /** Of the counters of a VSID or tenant interface. */
    void counters(int index);

    /** Of a routing domain. */
    default void tenant(int index) {}

    /** Of a NAT connection. */
    default void connection(int index) {}

    /** Of a rule of a port ACL. */
    default void aclRule(int slot) {}

    /** Of a virtual NIC with a limit. */
    default void nic(int index) {}
}
