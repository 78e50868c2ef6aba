package net.nvgate.fabric.netwnv;

/**
 * A host's settings: what {@code Get-NetVirtualizationGlobal} shows (MSFT_NetVirtualizationGlobalSettingData).
 *
 * @param useExternalRouter packets between virtual subnets go to routers outside the host
 */
public record NetWnvGlobal(boolean useExternalRouter) {}
