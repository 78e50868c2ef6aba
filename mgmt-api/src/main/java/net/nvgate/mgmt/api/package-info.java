/** The REST API: the OpenAPI contract, the router built from it, and the handlers that answer it from the fabric manager. */
@NullMarked
package net.nvgate.mgmt.api;

import org.jspecify.annotations.NullMarked;
