/**
 * Hyper-V hosts: the PowerShell that makes a host's NetWNV what policy says, and the HTTPS endpoint that a host's agent asks for
 * its policy.
 */
@NullMarked
package net.nvgate.fabric.hyperv;

import org.jspecify.annotations.NullMarked;
