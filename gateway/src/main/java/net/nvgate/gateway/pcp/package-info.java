/** The Port Control Protocol's server side (RFC 6887): tenants ask their gateway for inbound mappings. */
@NullMarked
package net.nvgate.gateway.pcp;

import org.jspecify.annotations.NullMarked;
