<#
.SYNOPSIS
Makes the network virtualization of one Hyper-V host what the nvgate fabric said when this script was written.

.DESCRIPTION
Needs nothing but this file: no manager, no network. Changes only what differs; run it again and it changes nothing. Prints a
report as JSON. Refuses to run on a computer with another name than the host's, unless told otherwise.

.PARAMETER Drift
Says what differs, and changes nothing. (-WhatIf names each cmdlet that would be called.)

.PARAMETER OwnedOnly
Removes only what was made for this fabric. Otherwise other records of its virtual subnets go too.

.PARAMETER SetPort
Sets the virtual subnet of VMs' network adapters, found by their MAC.

.PARAMETER InterfaceAlias
The network adapter for provider addresses, if there is a choice.

.PARAMETER AnyComputer
Runs although the computer's name is not the host's.

.EXAMPLE
.\hv1.ps1 -WhatIf
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [switch] $Drift,
    [switch] $OwnedOnly,
    [switch] $SetPort,
    [string] $InterfaceAlias = '',
    [switch] $AnyComputer
)

#include NvgateCompare.ps1
#include NvgateHost.ps1

$policyText = @'
#policy
'@

$policy = ConvertFrom-NvgatePolicy -Line $policyText.Split([char] 10)
if ($policy.HostName.Split('.')[0] -ne $env:COMPUTERNAME -and -not $AnyComputer) {
    throw ('this script is for ' + $policy.HostName + ', and this is ' + $env:COMPUTERNAME + ' (-AnyComputer runs it all the same)')
}
if ($Drift) {
    $report = Get-NvgateDrift -Policy $policy -OwnedOnly:$OwnedOnly
} else {
    $report = Sync-NvgateHost -Policy $policy -OwnedOnly:$OwnedOnly -SetPort:$SetPort -InterfaceAlias $InterfaceAlias -WhatIf:$WhatIfPreference
}
ConvertTo-Json -InputObject $report -Depth 6
if (-not $Drift -and @($report.errors).Count -gt 0) {
    exit 1
}
