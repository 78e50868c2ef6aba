package net.nvgate.fabric.model;

/** An application-level gateway: rewrites addresses inside a protocol, or opens the way for its data connections. */
public enum Alg {
    /** PORT, EPRT, PASV and EPSV of control connections to TCP port 21. */
    FTP,
    /** Answers to UDP requests to port 69 come from another port (RFC 1350 §4). */
    TFTP
}
