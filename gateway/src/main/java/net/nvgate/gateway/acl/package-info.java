/**
 * Port ACLs: compiled by the control thread into flat, immutable structures, asked by workers when a flow is opened.
 */
@org.jspecify.annotations.NullMarked
package net.nvgate.gateway.acl;
