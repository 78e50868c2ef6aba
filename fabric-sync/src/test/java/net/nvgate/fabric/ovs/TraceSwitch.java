package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.Policies.RED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.nvgate.fabric.policy.PolicyObject;

/** A real switch (dummy datapath) with host A's ports and flows, which tells what it would do with a packet. */
final class TraceSwitch implements AutoCloseable {

    static final int TUNNEL = 1;
    static final int BLUE_3 = 10;
    static final int BLUE_4 = 11;
    static final int BLUE_103 = 12;
    static final int RED_3 = 20;

    final OvsSwitch vswitch;
    private final OvsSandbox ovs;

    TraceSwitch(List<PolicyObject> policy) throws Exception {
        ovs = new OvsSandbox();
        vswitch = new OvsSwitch(ovs.commands, ovs.settings());
        vswitch.ensureBridges();
        ovs.vsctl("set", "interface", "nvgre0", "ofport_request=" + TUNNEL);
        for (int port : new int[] {BLUE_3, BLUE_4, BLUE_103, RED_3}) {
            String name = "p" + port;
            ovs.vsctl(
                    "add-port", "br-vs", name, "--", "set", "interface", name, "type=dummy", "ofport_request=" + port);
        }
        vswitch.replaceFlows(FlowProgram.of(HostPolicy.of(1, policy), ofports(), TUNNEL));
    }

    static Map<UUID, Integer> ofports() {
        Map<UUID, Integer> ofports = new HashMap<>();
        ofports.put(BLUE.nic(3), BLUE_3);
        ofports.put(BLUE.nic(4), BLUE_4);
        ofports.put(BLUE.nic(103), BLUE_103);
        ofports.put(RED.nic(3), RED_3);
        return ofports;
    }

    /** @param flow of ovs-appctl ofproto/trace */
    String trace(String flow) throws CommandException {
        return ovs.appctl("ofproto/trace", "br-vs", flow);
    }

    static void assertDropped(String trace, FlowCounter reason) {
        assertThat(trace)
                .contains("Datapath actions: drop")
                .containsPattern("cookie 0x([0-9a-f]+00000)?" + Long.toHexString(reason.cookie()) + "\\b");
    }

    @Override
    public void close() throws IOException, CommandException {
        ovs.close();
    }
}
