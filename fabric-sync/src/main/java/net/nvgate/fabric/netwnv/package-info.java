/**
 * The network virtualization of Hyper-V hosts as the NetWNV cmdlets of Windows Server show and take it: records, their forms in
 * files, and the way from hosts' states to a fabric and back.
 */
@NullMarked
package net.nvgate.fabric.netwnv;

import org.jspecify.annotations.NullMarked;
