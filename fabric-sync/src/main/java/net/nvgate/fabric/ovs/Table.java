package net.nvgate.fabric.ovs;

import java.util.Locale;

/**
 * OpenFlow tables of the tenant bridge, in the order of a packet's path.
 *
 * <pre>
 *            VM port                                     NVGRE port
 *               |                                            |
 *           CLASSIFY ------------------------------------ CLASSIFY      who is it? RDID, VSID
 *               |                                            |
 *            SOURCE   its own MAC and CA only           WIRE_SOURCE     is the sender's PA the one of the record?
 *            /     \                                         |
 *       ARP, ND   ROUTE   customer routes, longest         DELIVER      MAC and CA of a VM here
 *   answered here   |  \                                     |
 *    from records   |   HOP  TTL, when routed             VM port
 *                   |  /
 *                RECORD   where does the next hop live?
 *                /    \
 *          VM port   ENCAP   key = VSID, FlowID
 *                      |
 *                  NVGRE port
 * </pre>
 */
enum Table {
    CLASSIFY(0),
    SOURCE(10),
    ARP(20),
    ND(22),
    ND_ANSWER(24),
    ROUTE(30),
    HOP(40),
    RECORD(50),
    ENCAP(60),
    WIRE_SOURCE(70),
    DELIVER(80);

    private final int number;

    Table(int number) {
        this.number = number;
    }

    /** OpenFlow table id. */
    int number() {
        return number;
    }

    /** On the way of what VMs send, after it is known who they are. */
    boolean isOfSenders() {
        return number >= SOURCE.number && number <= RECORD.number;
    }

    /** The action that continues there. */
    String next() {
        return "goto_table:" + number;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
