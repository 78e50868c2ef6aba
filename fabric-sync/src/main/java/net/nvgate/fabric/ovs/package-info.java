/** The host agent: makes Open vSwitch behave like the virtual switch of an HNV host, from lookup records and routes. */
@NullMarked
package net.nvgate.fabric.ovs;

import org.jspecify.annotations.NullMarked;
