package net.nvgate.fabric.ovs;

/** The host agent's process. */
public final class HostAgentMain {

    private HostAgentMain() {}

    static String version() {
        String version = HostAgentMain.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
