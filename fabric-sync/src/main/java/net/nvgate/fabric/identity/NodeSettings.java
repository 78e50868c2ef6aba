package net.nvgate.fabric.identity;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.nvgate.fabric.config.ManagerEndpoint.Address;
import net.nvgate.fabric.model.NodeRole;
import net.nvgate.fabric.policy.NodeId;

/**
 * Who a node is, and where its manager is.
 *
 * @param managers of one fabric: any of them gives certificates
 * @param directory of its key and certificate, made if absent
 * @param joinTokenFile looked for until it is there; deleted once it was used
 * @param check how often the node looks whether its certificate is to be renewed, or CAs have changed
 */
public record NodeSettings(NodeId node, List<Address> managers, Path directory, Path joinTokenFile, Duration check) {

    NodeRole role() {
        return switch (node.kind()) {
            case GATEWAY -> NodeRole.GATEWAY;
            case HOST -> NodeRole.HOST;
        };
    }
}
