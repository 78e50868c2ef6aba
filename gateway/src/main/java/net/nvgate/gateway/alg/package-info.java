/** Application level gateways: what hosts say of their endpoints in control connections (FTP, RFC 959 and RFC 2428), and whom they expect. */
@NullMarked
package net.nvgate.gateway.alg;

import org.jspecify.annotations.NullMarked;
