package net.nvgate.fabric.policy;

/**
 * A follower of policy.
 *
 * @param kind what the node does with policy
 * @param name the name of the gateway or host object in the fabric
 */
public record NodeId(Kind kind, String name) implements Comparable<NodeId> {

    public enum Kind {
        GATEWAY,
        HOST
    }

    @Override
    public int compareTo(NodeId other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return (kind == Kind.GATEWAY ? "gateway/" : "host/") + name;
    }
}
