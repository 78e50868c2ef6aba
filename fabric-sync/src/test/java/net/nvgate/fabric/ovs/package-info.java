/** Tests of the host agent: flows as text, flows in a switch with a dummy datapath, and real hosts in namespaces. */
@NullMarked
package net.nvgate.fabric.ovs;

import org.jspecify.annotations.NullMarked;
