package net.nvgate.fabric.ovs;

import static net.nvgate.fabric.ovs.Policies.BLUE;
import static net.nvgate.fabric.ovs.Policies.RED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.nvgate.fabric.policy.PolicyObject.VirtualPort;
import org.junit.jupiter.api.Test;

/** Which interface is which virtual port, in the conventions of hypervisors. */
class PluggedPortsTest {

    private static final List<VirtualPort> PORTS = List.of(BLUE.vmPort(3), RED.vmPort(3));

    private static OvsInterface tap(String name, int ofport, String ifaceId, String attachedMac) {
        Map<String, String> ids = new HashMap<>();
        ids.put("iface-id", ifaceId);
        ids.put("attached-mac", attachedMac);
        ids.put("iface-status", "active");
        return new OvsInterface(name, ofport, "", ids, Map.of(), 1500, 0);
    }

    private static PluggedPorts of(boolean byMac, OvsInterface... interfaces) {
        return PluggedPorts.of(PORTS, List.of(interfaces), byMac);
    }

    @Test
    void theInterfaceIdDecidesInAnyCase() {
        PluggedPorts plugged = of(false, tap("vnet0", 5, BLUE.nic(3).toString().toUpperCase(Locale.ROOT), ""));
        assertThat(plugged.ofports()).containsExactly(Map.entry(BLUE.nic(3), 5));
        assertThat(plugged.strangers()).isEmpty();
    }

    @Test
    void aPortThatTheSwitchCannotOpenIsNotPluggedIn() {
        String nic = BLUE.nic(3).toString();
        PluggedPorts plugged = of(false, tap("vnet0", -1, nic, ""), tap("vnet1", 6, nic, ""));
        assertThat(plugged.ofports()).containsExactly(Map.entry(BLUE.nic(3), 6));
        assertThat(plugged.strangers()).isEmpty();
    }

    @Test
    void ofTwoTheOneWithTheMacServesThenTheNewer() {
        String nic = BLUE.nic(3).toString();
        OvsInterface old = tap("vnet0", 5, nic, BLUE.mac(3).toString());
        OvsInterface newer = tap("vnet1", 6, nic, "");
        assertThat(of(false, old, newer).byNic()).containsEntry(BLUE.nic(3), old);
        assertThat(of(false, old, newer).strangers()).containsExactly(newer);
        OvsInterface oldWithout = tap("vnet0", 5, nic, "");
        assertThat(of(false, oldWithout, newer).byNic()).containsEntry(BLUE.nic(3), newer);
    }

    @Test
    void aStrangerIsNamedAndNotTakenForAnybodyByItsMac() {
        OvsInterface stranger = tap("vnet7", 9, "", BLUE.mac(3).toString());
        PluggedPorts plugged = of(false, stranger);
        assertThat(plugged.byNic()).isEmpty();
        assertThat(plugged.strangers()).containsExactly(stranger);
    }

    @Test
    void byMacOnlyWhereTheIdIsNobodysAndTheMacOfOnePort() {
        String mac = BLUE.mac(3).toString();
        OvsInterface byMac = tap("vnet7", 9, "7c2b1d55-0000-0000-0000-000000000001", mac);
        assertThat(of(true, byMac).ofports()).containsExactly(Map.entry(BLUE.nic(3), 9));
        // Who has the id goes first.
        OvsInterface byId = tap("vnet2", 4, BLUE.nic(3).toString(), "");
        assertThat(of(true, byMac, byId).ofports()).containsExactly(Map.entry(BLUE.nic(3), 4));
        assertThat(of(true, byMac, byId).strangers()).containsExactly(byMac);
        // An interface with another NIC's id is that NIC's, whatever its MAC.
        OvsInterface red = tap("vnet3", 3, RED.nic(3).toString(), mac);
        assertThat(of(true, red).ofports()).containsExactly(Map.entry(RED.nic(3), 3));
        // Two ports with one MAC: nobody can tell.
        VirtualPort twin = new VirtualPort(
                RED.nic(4), "twin", RED.rdid(), RED.vmVsid(), BLUE.mac(3), List.of(RED.vmAddress(4)), 1458);
        assertThat(PluggedPorts.of(List.of(BLUE.vmPort(3), twin), List.of(byMac), true)
                        .byNic())
                .isEmpty();
    }
}
