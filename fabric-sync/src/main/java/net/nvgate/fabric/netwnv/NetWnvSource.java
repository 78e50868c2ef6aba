package net.nvgate.fabric.netwnv;

import java.util.List;

/**
 * A host as files tell of it.
 *
 * @param files as the user knows them
 */
public record NetWnvSource(NetWnvHost host, List<String> files) {

    public NetWnvSource {
        files = List.copyOf(files);
    }
}
