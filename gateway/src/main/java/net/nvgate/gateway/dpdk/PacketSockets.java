package net.nvgate.gateway.dpdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The AF_PACKET sockets that drivers have opened in this process. net_af_packet has no receive interrupts, and keeps its sockets to
 * itself; the kernel tells which descriptors they are (packet(7)).
 */
final class PacketSockets {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private PacketSockets() {}

    /** Descriptors of the sockets bound to an interface, in the order in which they were opened: that of the driver's queues. */
    static List<Integer> ofInterface(int interfaceIndex) {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (isSocket(descriptor) && Libc.packetSocketInterface(number) == interfaceIndex) {
                    found.add(number);
                }
            }
        } catch (IOException e) {
            throw new DpdkException("cannot list " + DESCRIPTORS + ": " + e.getMessage(), e);
        }
        Collections.sort(found);
        return found;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            // Closed by another thread meanwhile.
            return false;
        }
    }
}
