package net.nvgate.gateway.worker;

/** The network of the worker's tests: two tenants with the same customer addresses, two hosts, a physical side. */
final class Net {

    static final int PA_PORT = 40;
    static final int EXT_PORT = 41;
    static final long PA_MAC = 0x02000000aa01L;
    static final long EXT_MAC = 0x02000000aa02L;
    static final int MTU = 1500;

    static final int GATEWAY_PA = Wire.address("10.10.10.2");
    static final int HOST_A = Wire.address("10.10.10.9");
    static final int HOST_B = Wire.address("10.10.10.8");
    /** Not resolved. */
    static final int HOST_C = Wire.address("10.10.10.7");

    static final long HOST_A_MAC = 0x02000000bb01L;
    static final long HOST_B_MAC = 0x02000000bb02L;

    static final int EXTERNAL = Wire.address("203.0.113.2");
    static final int ROUTER = Wire.address("203.0.113.1");
    static final long ROUTER_MAC = 0x02000000cc01L;
    static final int SERVER = Wire.address("203.0.113.50");
    static final long SERVER_MAC = 0x02000000cc02L;
    static final int FAR = Wire.address("198.51.100.7");
    /** On-link, not resolved. */
    static final int SILENT = Wire.address("203.0.113.77");

    static final int[] NAT = {
        0, Wire.address("203.0.113.10"), Wire.address("203.0.113.11"), Wire.address("203.0.113.12")
    };
    static final int[] VM_VSID = {0, 6000, 6001, 6002};
    static final int[] GATEWAY_VSID = {0, 5000, 5001, 5002};
    static final int VM1 = Wire.address("192.168.1.3");
    static final int VM2 = Wire.address("192.168.1.4");
    /** Its host does not answer ARP. */
    static final int VM3 = Wire.address("192.168.1.5");
    /** Its host is in no network of ours. */
    static final int VM4 = Wire.address("192.168.1.6");

    static final int VM_SUBNET = Wire.address("192.168.1.0");
    static final int DG = Wire.address("192.168.1.1");
    static final int GATEWAY_CA = Wire.address("10.254.254.2");
    static final int ROUTER_CA = Wire.address("10.254.254.1");
    static final long GATEWAY_MAC = 0x001dd8b71c01L;
    static final long ROUTER_CA_MAC = 0x001dd8b71c02L;
    static final long DG_MAC = 0x001dd8b71c03L;
    static final long VM1_MAC = 0x001dd8b71c11L;
    static final long VM2_MAC = 0x001dd8b71c12L;

    private Net() {}

    /** An NVGRE frame as a host sends it to the gateway. */
    static byte[] nvgre(int hostPa, int vsid, long innerDestination, int innerType, byte[] innerPayload) {
        byte[] inner = Wire.ethernet(innerDestination, VM1_MAC, innerType, innerPayload);
        return outer(hostPa, Wire.gre(0x20006558, vsid, 0x5a, inner));
    }

    /** An IPv4 frame of protocol GRE from a host to the gateway. */
    static byte[] outer(int hostPa, byte[] gre) {
        byte[] ip = Wire.ipv4(hostPa, GATEWAY_PA, Wire.GRE, gre);
        return Wire.ethernet(PA_MAC, hostPa == HOST_A ? HOST_A_MAC : HOST_B_MAC, 0x800, ip);
    }

    /** A packet of VM 1 of a tenant on its way to the gateway. */
    static byte[] fromVm1(int tenant, byte[] ip) {
        return nvgre(HOST_A, GATEWAY_VSID[tenant], GATEWAY_MAC, 0x800, ip);
    }

    /** A packet from the physical side. */
    static byte[] fromOutside(byte[] ip) {
        return Wire.ethernet(EXT_MAC, ROUTER_MAC, 0x800, ip);
    }

    static byte[] udp(int source, int destination, int sourcePort, int destinationPort) {
        byte[] data = {1, 2, 3, 4, 5};
        return Wire.ipv4(
                source, destination, Wire.UDP, Wire.udp(source, destination, sourcePort, destinationPort, data));
    }

    static byte[] tcp(int source, int destination, int sourcePort, int destinationPort, int flags) {
        return Wire.ipv4(
                source,
                destination,
                Wire.TCP,
                Wire.tcp(source, destination, sourcePort, destinationPort, flags, new byte[] {9, 8, 7}));
    }

    static byte[] ping(int source, int destination, int id) {
        return Wire.ipv4(source, destination, Wire.ICMP, Wire.icmp(8, 0, id << 16 | 1, new byte[] {1, 2, 3}));
    }

    static byte[] pong(int source, int destination, int id) {
        return Wire.ipv4(source, destination, Wire.ICMP, Wire.icmp(0, 0, id << 16 | 1, new byte[] {1, 2, 3}));
    }
}
