package net.nvgate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import net.nvgate.fabric.model.MacAddress;
import net.nvgate.gateway.dpdk.VethPair;
import net.nvgate.gateway.worker.Wire;

/**
 * What is on both sides of a gateway that runs by {@link FixedPolicy}: an NVGRE host with a VM, and a server.
 *
 * <pre>
 *   host 10.10.0.9 ══ PFX-ph ─ PFX-pa │ gateway │ PFX-ext ─ PFX-eh ══ server 203.0.113.9
 * </pre>
 */
final class TwoWires implements AutoCloseable {

    static final int IPV4 = 0x800;
    static final int GATEWAY = Wire.address(FixedPolicy.GATEWAY_PA);
    static final int VM = Wire.address(FixedPolicy.VM_CA);
    static final int SERVER = Wire.address(FixedPolicy.SERVER);
    static final int NAT = Wire.address(FixedPolicy.NAT_ADDRESS);
    static final byte[] QUESTION = "who are you?".getBytes(StandardCharsets.US_ASCII);
    static final byte[] ANSWER = "a server".getBytes(StandardCharsets.US_ASCII);

    private static final long HOST_MAC = 0x020000000009L;
    private static final long SERVER_MAC = 0x020000000099L;
    private static final int HOST = Wire.address(FixedPolicy.HOST_PA);

    private final String prefix;
    private final VethPair paWire;
    private final VethPair extWire;
    final LinkPeer host;
    final LinkPeer server;

    /** @param number of the first of two DPDK devices */
    TwoWires(String prefix, int number) throws IOException {
        this.prefix = prefix;
        paWire = new VethPair(prefix + "-pa", prefix + "-ph");
        extWire = new VethPair(prefix + "-ext", prefix + "-eh");
        host = new LinkPeer(prefix + "-host", "net_af_packet" + number + ",iface=" + paWire.right(), HOST_MAC, HOST);
        server = new LinkPeer(
                prefix + "-server", "net_af_packet" + (number + 1) + ",iface=" + extWire.right(), SERVER_MAC, SERVER);
    }

    /** For the gateway's configuration. */
    String ports() {
        return ports("");
    }

    /** @param more for both, e.g. {@code ", mtu: 1600"} */
    String ports(String more) {
        return """
                ports:
                  pa: {device: "net_af_packet0,iface=%s-pa"%s}
                  ext: {device: "net_af_packet1,iface=%s-ext"%s}
                """.formatted(prefix, more, prefix, more);
    }

    /** MAC of the gateway's PA port, known before it runs. */
    long gatewayPaMac() throws IOException {
        Path address = Path.of("/sys/class/net", paWire.left(), "address");
        return MacAddress.parse(Files.readString(address).strip()).value();
    }

    /** A frame of the host: an Ethernet frame of the VM in NVGRE. */
    static byte[] tunnelled(long gatewayPaMac, byte[] ip) {
        byte[] inner = Wire.ethernet(FixedPolicy.GATEWAY_MAC.value(), 0x021122334455L, IPV4, ip);
        byte[] gre = Wire.gre(0x20006558, FixedPolicy.GATEWAY_VSID, 0x5a, inner);
        return Wire.ethernet(gatewayPaMac, HOST_MAC, IPV4, Wire.ipv4(HOST, GATEWAY, Wire.GRE, gre));
    }

    /** The VM's datagram to the server in NVGRE. */
    static byte[] question(long gatewayPaMac, int vmPort) {
        return tunnelled(gatewayPaMac, Wire.ipv4(VM, SERVER, Wire.UDP, Wire.udp(VM, SERVER, vmPort, 53, QUESTION)));
    }

    /** The server's answer to what {@link #question} has become of. */
    static byte[] answer(byte[] question) {
        int natPort = Wire.u16(question, 14 + 20);
        return Wire.ethernet(
                Wire.mac(question, 6),
                SERVER_MAC,
                IPV4,
                Wire.ipv4(SERVER, NAT, Wire.UDP, Wire.udp(SERVER, NAT, 53, natPort, ANSWER)));
    }

    static boolean isIpv4(byte[] frame) {
        return Wire.u16(frame, 12) == IPV4;
    }

    /** A datagram from the VM to the server, translated, and the answer back into the tunnel; what the server got. */
    byte[] exchange(int vmPort) {
        host.send(question(host.resolve(GATEWAY), vmPort));
        byte[] question = server.await("the VM's question", TwoWires::isIpv4);
        byte[] ip = Wire.slice(question, 14, Wire.u16(question, 16));
        Wire.requireRight(ip);
        assertThat(Wire.dotted(Wire.i32(ip, 12))).isEqualTo(FixedPolicy.NAT_ADDRESS);
        assertThat(Wire.dotted(Wire.i32(ip, 16))).isEqualTo(FixedPolicy.SERVER);
        assertThat(Wire.u8(ip, 8)).isEqualTo(63);
        assertThat(Wire.slice(ip, 28)).isEqualTo(QUESTION);
        assertThat(Wire.u16(ip, 20)).isBetween(1024, 65535);
        answered(question, vmPort);
        return question;
    }

    /** The server answers, and the VM gets it. */
    void answered(byte[] question, int vmPort) {
        server.send(answer(question));
        byte[] tunnel = host.await("the answer in the tunnel", TwoWires::isIpv4);
        requireTunnel(Wire.slice(tunnel, 14, Wire.u16(tunnel, 16)), vmPort);
    }

    private static void requireTunnel(byte[] outer, int vmPort) {
        assertThat(Wire.dotted(Wire.i32(outer, 12))).isEqualTo(FixedPolicy.GATEWAY_PA);
        assertThat(Wire.dotted(Wire.i32(outer, 16))).isEqualTo(FixedPolicy.HOST_PA);
        assertThat(Wire.u8(outer, 9)).isEqualTo(Wire.GRE);
        assertThat(Wire.i32(outer, 20)).isEqualTo(0x20006558);
        assertThat(Wire.i32(outer, 24) >>> 8).isEqualTo(FixedPolicy.VM_VSID);
        byte[] frame = Wire.slice(outer, 28);
        assertThat(Wire.mac(frame, 0)).isEqualTo(FixedPolicy.VM_MAC.value());
        byte[] ip = Wire.slice(frame, 14);
        Wire.requireRight(ip);
        assertThat(Wire.dotted(Wire.i32(ip, 16))).isEqualTo(FixedPolicy.VM_CA);
        assertThat(Wire.u16(ip, 22)).isEqualTo(vmPort);
        assertThat(Wire.slice(ip, 28)).isEqualTo(ANSWER);
    }

    @Override
    public void close() throws IOException {
        host.close();
        server.close();
        paWire.close();
        extWire.close();
    }
}
