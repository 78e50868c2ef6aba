package net.nvgate.appliance;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import net.nvgate.fabric.model.IpAddress;
import net.nvgate.fabric.model.MacAddress;

/** The other end of a NIC in QEMU: one UDP datagram is one Ethernet frame. Answers ARP for the addresses that it was given. */
final class Wire implements AutoCloseable {

    private static final int POLL_MILLIS = 200;
    private static final int ARP_FRAME_BYTES = 42;

    private final DatagramSocket socket;
    private final int guestPort;
    private final Map<IpAddress, MacAddress> neighbours = new HashMap<>();

    Wire() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(POLL_MILLIS);
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            guestPort = free.getLocalPort();
        }
    }

    String netdev(String id) {
        return "socket,id=" + id + ",udp=127.0.0.1:" + socket.getLocalPort() + ",localaddr=127.0.0.1:" + guestPort;
    }

    void neighbour(String address, String mac) {
        neighbours.put(IpAddress.parse(address), MacAddress.parse(mac));
    }

    void send(byte[] frame) throws IOException {
        socket.send(new DatagramPacket(
                frame, frame.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), guestPort)));
    }

    /** The first frame that is as wanted; sends another one meanwhile, again and again, if there is one. */
    byte[] await(Duration limit, String what, Optional<Stimulus> stimulus, Predicate<ByteBuffer> wanted)
            throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        byte[] buffer = new byte[9216];
        long next = System.nanoTime();
        while (System.nanoTime() < deadline) {
            if (stimulus.isPresent() && System.nanoTime() >= next) {
                stimulus.get().send();
                next = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            }
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException _) {
                continue;
            }
            byte[] frame = Arrays.copyOf(buffer, packet.getLength());
            if (!answerArp(frame) && wanted.test(ByteBuffer.wrap(frame))) {
                return frame;
            }
        }
        throw new AssertionError(what + " did not come within " + limit);
    }

    interface Stimulus {
        void send() throws IOException;
    }

    /** Answers what is asked at the moment; for a wire that nobody waits at. */
    void serve() throws IOException {
        byte[] buffer = new byte[9216];
        socket.setSoTimeout(1);
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                answerArp(Arrays.copyOf(buffer, packet.getLength()));
            }
        } catch (SocketTimeoutException _) {
            socket.setSoTimeout(POLL_MILLIS);
        }
    }

    /** True if it was an ARP packet. */
    private boolean answerArp(byte[] frame) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(frame);
        if (frame.length < ARP_FRAME_BYTES || request.getShort(12) != 0x0806) {
            return false;
        }
        IpAddress asked = IpAddress.parse(
                (frame[38] & 0xff) + "." + (frame[39] & 0xff) + "." + (frame[40] & 0xff) + "." + (frame[41] & 0xff));
        MacAddress mac = neighbours.get(asked);
        if (request.getShort(20) != 1 || mac == null) {
            return true;
        }
        ByteBuffer answer = ByteBuffer.allocate(60);
        byte[] own = ByteBuffer.allocate(8).putLong(mac.value()).array();
        answer.put(frame, 6, 6).put(own, 2, 6).putShort((short) 0x0806);
        answer.putShort((short) 1)
                .putShort((short) 0x0800)
                .putShort((short) 0x0604)
                .putShort((short) 2);
        answer.put(own, 2, 6).put(frame, 38, 4).put(frame, 22, 6).put(frame, 28, 4);
        send(answer.array());
        return true;
    }

    @Override
    public void close() {
        socket.close();
    }
}
