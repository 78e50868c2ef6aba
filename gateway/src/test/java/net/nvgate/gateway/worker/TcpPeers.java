package net.nvgate.gateway.worker;

import net.nvgate.gateway.flow.SessionFilter;
import net.nvgate.gateway.flow.SessionRow;

/** A VM and a server that exchange TCP segments through a gateway, and know their sequence numbers. */
final class TcpPeers {

    static final int FIN = 1;
    static final int SYN = 2;
    static final int RST = 4;
    static final int ACK = 16;
    static final int VM_SEQUENCE = 0x7fff_f000;
    static final int SERVER_SEQUENCE = 0xffff_ff00;

    private static final int VM_PORT = 4000;
    private static final int SERVER_PORT = 80;
    private static final byte[] NO_OPTIONS = {};
    private static final byte[] SCALE_7 = {2, 4, 5, (byte) 0xb4, 1, 3, 3, 7};

    private final TestGateway gateway;
    int vmSequence = VM_SEQUENCE;
    int serverSequence = SERVER_SEQUENCE;
    int window = 1000;

    private int externalPort = VM_PORT;

    TcpPeers(TestGateway gateway) {
        this.gateway = gateway;
    }

    /** The VM's segment with its present numbers; must leave, with right checksums. */
    TcpPeers out(int flags) {
        return out(flags, vmSequence);
    }

    TcpPeers out(int flags, int sequence) {
        int ports = VM_PORT << 16 | SERVER_PORT;
        int acknowledgement = (flags & ACK) == 0 ? 0 : serverSequence;
        byte[] options = (flags & SYN) == 0 ? NO_OPTIONS : SCALE_7;
        byte[] tcp = Wire.tcp(Net.VM1, Net.SERVER, ports, flags, sequence, acknowledgement, window, options);
        byte[] ip = Wire.ipv4(Net.VM1, Net.SERVER, Wire.TCP, tcp);
        byte[] sent = TestGateway.ip(gateway.intoPa(Net.fromVm1(1, ip)).onlyExt());
        Wire.requireRight(sent);
        externalPort = Wire.u16(sent, 20);
        return this;
    }

    /** The server's segment with its present numbers; must reach the VM, with right checksums. */
    TcpPeers in(int flags) {
        return in(flags, serverSequence);
    }

    TcpPeers in(int flags, int sequence) {
        byte[] frame =
                gateway.intoExt(Net.fromOutside(fromServer(flags, sequence))).onlyPa();
        byte[] inner = TestGateway.inner(frame, Net.HOST_A, Net.HOST_A_MAC, Net.VM_VSID[1]);
        Wire.requireRight(Wire.slice(inner, 14));
        return this;
    }

    byte[] fromServer(int flags, int sequence) {
        int ports = SERVER_PORT << 16 | externalPort;
        int acknowledgement = (flags & ACK) == 0 ? 0 : vmSequence;
        byte[] options = (flags & SYN) == 0 ? NO_OPTIONS : SCALE_7;
        byte[] tcp = Wire.tcp(Net.SERVER, Net.NAT[1], ports, flags, sequence, acknowledgement, window, options);
        return Wire.ipv4(Net.SERVER, Net.NAT[1], Wire.TCP, tcp);
    }

    /** A datagram from the VM to the server instead. */
    TcpPeers udp() {
        gateway.intoPa(Net.fromVm1(1, Net.udp(Net.VM1, Net.SERVER, VM_PORT, 53)))
                .onlyExt();
        return this;
    }

    /** An echo request from the VM to the server instead. */
    TcpPeers ping() {
        gateway.intoPa(Net.fromVm1(1, Net.ping(Net.VM1, Net.SERVER, VM_PORT))).onlyExt();
        return this;
    }

    /** Three-way handshake. */
    TcpPeers open() {
        out(SYN);
        vmSequence++;
        in(SYN | ACK);
        serverSequence++;
        return out(ACK);
    }

    /** FIN and its acknowledgement from both. */
    TcpPeers close() {
        out(FIN | ACK);
        vmSequence++;
        in(FIN | ACK);
        serverSequence++;
        return out(ACK);
    }

    /** Label of the one session's state, "none" when there is no session. */
    String state() {
        return gateway.worker.sessions().list(SessionFilter.ALL, 2, 0).stream()
                .map(SessionRow::state)
                .reduce((a, b) -> {
                    throw new AssertionError("two sessions");
                })
                .orElse("none");
    }

    /** Seconds without packets until the session is gone. */
    int secondsLeft() {
        for (int seconds = 0; seconds < 100_000; seconds++) {
            if (gateway.worker.sessions().count() == 0) {
                return seconds;
            }
            gateway.turnAfter(1000);
        }
        throw new AssertionError("does not end");
    }
}
