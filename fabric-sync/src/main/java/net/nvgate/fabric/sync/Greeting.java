package net.nvgate.fabric.sync;

import io.netty.channel.Channel;
import java.util.Optional;
import net.nvgate.fabric.policy.NodeId;
import net.nvgate.fabric.sync.v1.Hello;

/** What the server makes of a follower's Hello, before it asks whether the fabric has such a node. */
sealed interface Greeting {

    record Refused(String code, String reason) implements Greeting {}

    /**
     * @param software of the follower, for people
     * @param sameFabric what it holds is of this fabric
     * @param held revision of this fabric that it holds, 0 = none
     */
    record Accepted(NodeId node, String software, boolean sameFabric, long held) implements Greeting {

        /** Why such a follower, or one that rejected policy, is to get a snapshot; empty if a delta may do. */
        Optional<String> wantsSnapshot(boolean rejected) {
            if (held != 0 && !rejected) {
                return Optional.empty();
            }
            return Optional.of(
                    !sameFabric ? "it follows this fabric anew" : held == 0 ? "it asks for one" : "it rejected policy");
        }
    }

    /** @throws ProtocolException if no follower of any schema would say so */
    static Greeting of(Hello hello, ServerContext server, Channel channel) {
        if (hello.getSchema() != Frames.SCHEMA) {
            return new Refused("schema", "the manager speaks schema " + Frames.SCHEMA + ", not " + hello.getSchema());
        }
        if (hello.getName().isEmpty() || hello.getName().length() > FieldReader.NAME_MAX) {
            throw new ProtocolException(
                    "Hello with a name of " + hello.getName().length() + " characters");
        }
        NodeId node = new NodeId(PolicyCodec.decode(hello.getKind()), hello.getName());
        Optional<String> objection = server.security().objection(channel, node);
        if (objection.isPresent()) {
            return new Refused("identity", node + ": " + objection.get());
        }
        boolean sameFabric = hello.getFabricId().equals(server.fabricId());
        return new Accepted(node, software(hello), sameFabric, sameFabric ? hello.getLastRevision() : 0);
    }

    private static String software(Hello hello) {
        String software = hello.getSoftware();
        return software.length() <= FieldReader.NAME_MAX ? software : software.substring(0, FieldReader.NAME_MAX);
    }
}
