package net.nvgate.gateway.nat;

import net.nvgate.gateway.route.NatEntry;

/** Which external port an inside endpoint has: endpoint-independent mappings over the port maps of the external addresses. */
public final class NatBindings {

    /** Answers of {@link #bind} that are no port. */
    public static final int NO_PORT = -1;

    public static final int NO_ROOM = -2;

    private final Mappings mappings;
    private final PortMaps ports;

    public NatBindings(Mappings mappings, PortMaps ports) {
        this.mappings = mappings;
        this.ports = ports;
    }

    /**
     * The external port of an inside endpoint for one more session; a mapping is made if it has none.
     *
     * @param connection address of the tenant's NatEntry
     * @return the port, {@link #NO_PORT} or {@link #NO_ROOM}
     */
    public int bind(long connection, int domain, int ca, int port, int protocol) {
        int external = NatEntry.externalIp(connection);
        int generation = NatEntry.generation(connection);
        endOlder(domain, ca, port, protocol, external, generation);
        int bound = mappings.port(domain, ca, port, protocol, external);
        if (bound < 0) {
            bound = ports.take(external, protocol, port, NatEntry.portMin(connection), NatEntry.portMax(connection));
            if (bound < 0) {
                return NO_PORT;
            }
            if (!mappings.create(domain, ca, port, protocol, external, bound, generation)) {
                ports.release(external, protocol, bound);
                return NO_ROOM;
            }
        }
        mappings.acquire(domain, ca, port, protocol, external);
        return bound;
    }

    /** A mapping of a connection that is gone ends, also while sessions of then are left: nobody inherits it. */
    private void endOlder(int domain, int ca, int port, int protocol, int external, int generation) {
        int freed = mappings.removeOlder(domain, ca, port, protocol, external, generation);
        if (freed >= 0) {
            ports.release(external, protocol, freed);
        }
    }

    /**
     * One session of an inside endpoint has ended.
     *
     * @param generation of the connection it was bound under
     */
    public void unbind(int domain, int ca, int port, int protocol, int external, int generation) {
        int freed = mappings.release(domain, ca, port, protocol, external, generation);
        if (freed >= 0) {
            ports.release(external, protocol, freed);
        }
    }

    /** Mappings in use. */
    public int used() {
        return mappings.used();
    }
}
