package net.nvgate.gateway.worker;

import net.nvgate.gateway.alg.Expectations;
import net.nvgate.gateway.nat.Mappings;
import net.nvgate.gateway.nat.NatBindings;

/** Expected connections, each of which holds the mapping of its endpoint until it comes or its time is over. */
final class AlgExpectations {

    private static final int PER_TURN = 32;

    private final Expectations expectations;
    private final NatBindings bindings;
    private final WorkerClock clock;
    private final WorkerCounters counters;

    AlgExpectations(Expectations expectations, NatBindings bindings, WorkerClock clock, WorkerCounters counters) {
        this.expectations = expectations;
        this.bindings = bindings;
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * From now on a remote host may open a connection to an inside endpoint.
     *
     * @return the endpoint's mapping for the static readers of {@link Mappings}; 0: there is no room, or no port
     */
    long expect(int domain, int ca, int port, int protocol, int remote) {
        long mapping = bindings.bind(domain, ca, port, protocol, remote, clock.ms());
        if (mapping == 0) {
            return 0;
        }
        int external = Mappings.externalAddress(mapping);
        int externalPort = Mappings.externalPort(mapping);
        int generation = Mappings.generation(mapping);
        long there = expectations.find(remote, external, externalPort, protocol);
        if (there != 0 && Expectations.ca(there) == ca && Expectations.generation(there) == generation) {
            expectations.refresh(there, (int) clock.ms());
            unbind(there, true);
            return mapping;
        }
        if (there != 0) {
            end(there, false);
        }
        int now = (int) clock.ms();
        if (expectations.create(remote, external, externalPort, protocol, domain, ca, port, generation, now) == 0) {
            bindings.unbind(domain, ca, port, protocol, external, externalPort, generation, remote, true, clock.ms());
            return 0;
        }
        counters.add(WorkerCounter.ALG_EXPECTED, 1);
        return mapping;
    }

    boolean has(int remote, int external, int externalPort, int protocol) {
        return expectations.find(remote, external, externalPort, protocol) != 0;
    }

    /** The connection has come and has its own hold of the mapping. A trial's, which counts aside, has not come. */
    void fulfilled(int remote, int external, int externalPort, int protocol) {
        if (counters.isAside()) {
            return;
        }
        long expectation = expectations.find(remote, external, externalPort, protocol);
        if (expectation != 0) {
            end(expectation, true);
        }
    }

    /** Gives up what did not come in time. */
    int keepHouse() {
        int ended = 0;
        for (long old; ended < PER_TURN && (old = expectations.expired((int) clock.ms())) != 0; ended++) {
            end(old, false);
        }
        return ended;
    }

    private void end(long expectation, boolean clean) {
        unbind(expectation, clean);
        expectations.remove(expectation);
    }

    private void unbind(long expectation, boolean clean) {
        bindings.unbind(
                Expectations.domain(expectation),
                Expectations.ca(expectation),
                Expectations.port(expectation),
                Expectations.protocol(expectation),
                Expectations.external(expectation),
                Expectations.externalPort(expectation),
                Expectations.generation(expectation),
                Expectations.remote(expectation),
                clean,
                clock.ms());
    }
}
