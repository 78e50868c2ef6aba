package net.nvgate.gateway.control;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import net.nvgate.gateway.neighbor.NeighborCounters;

/** What happened in neighbour resolution, ARP and IPv6 neighbour discovery. */
final class NeighborSamples {

    private NeighborSamples() {}

    static void read(NeighborCounters counters, List<Sample> samples) {
        add("resolved", "Neighbours that answered a request", counters.resolved, samples);
        add("failed", "Neighbours that did not answer", counters.failed, samples);
        add("requests", "ARP requests and neighbour solicitations sent", counters.requests, samples);
        add("announced", "Gratuitous ARP and unsolicited neighbour advertisements sent", counters.announced, samples);
        add(
                "announcements_deferred",
                "Announcements put off because a worker was behind",
                counters.announcementsDeferred,
                samples);
        add("refused_full", "Neighbours refused because the table is full", counters.refusedFull, samples);
        add(
                "refused_off_link",
                "Neighbours refused that are in no subnet of the port",
                counters.refusedOffLink,
                samples);
        add("malformed", "ARP packets and advertisements with an impossible sender", counters.malformed, samples);
        add("conflicts", "Packets of others that claim an address of ours", counters.conflicts, samples);
        add("duplicates", "Own IPv6 addresses that somebody else was found to have", counters.duplicates, samples);
        add("moved", "Neighbours that changed their MAC", counters.moved, samples);
    }

    private static void add(String what, String help, LongAdder counter, List<Sample> samples) {
        samples.add(Sample.counter("nvgate_neighbor_" + what, help, Map.of(), counter.sum()));
    }
}
