package net.nvgate.gateway.worker;

/** What is counted per VSID besides drops. "Rx" is from the tenant, "tx" to the tenant; bytes are those of inner IP packets. */
public enum VsidCounter {
    RX_PACKETS("rx-packets"),
    RX_BYTES("rx-bytes"),
    TX_PACKETS("tx-packets"),
    TX_BYTES("tx-bytes"),
    /** TCP SYN packets whose MSS was lowered. */
    MSS_CLAMPED("mss-clamped"),
    /** Packets from and to VMs that did not fit and were refused with ICMP. */
    TOO_BIG("too-big"),
    /** Packets from and to VMs that did not fit and were fragmented. */
    FRAGMENTED("fragmented"),
    /** NVGRE packets that came in fragments. */
    TUNNEL_FRAGMENTED("tunnel-fragmented");

    private final String label;

    VsidCounter(String label) {
        this.label = label;
    }

    /** Kebab-case, as in metrics. */
    public String label() {
        return label;
    }
}
