# Runs the module against mock cmdlets: needs pwsh or Windows PowerShell, nothing else. Prints one line a check; exit code 1 if one failed.
param(
    [Parameter(Mandatory = $true)] [string] $Module,
    [Parameter(Mandatory = $true)] [string] $Policy,
    [Parameter(Mandatory = $true)] [string] $Scratch
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'NetWNV.Mock.psm1') -Force
Import-Module -Name $Module -Force

$script:Failed = 0
$script:Made = Join-Path -Path $Scratch -ChildPath 'made.json'

function Assert-NvgateEqual {
    param([string] $What, [object] $Want, [object] $Have)
    if ([string] $Want -eq [string] $Have) {
        Write-Output -InputObject ('ok ' + $What)
    } else {
        $script:Failed = $script:Failed + 1
        Write-Output -InputObject ('FAILED ' + $What + ': ' + $Have + ' instead of ' + $Want)
    }
}

function Get-NvgateSample {
    return ConvertFrom-NvgatePolicy -Line ([System.IO.File]::ReadAllLines($Policy))
}

function Start-NvgateCase {
    # A host as the policy wants it.
    Reset-NvgateMock
    if (Test-Path -LiteralPath $script:Made) {
        Remove-Item -LiteralPath $script:Made -Force
    }
    [void] (Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made)
}

function Test-NvgateEmptyHost {
    Reset-NvgateMock
    $look = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made -WhatIf
    Assert-NvgateEqual -What 'WhatIf calls no cmdlet' -Want 0 -Have @(Get-NvgateMockCall).Count
    Assert-NvgateEqual -What 'WhatIf writes no file' -Want $false -Have (Test-Path -LiteralPath $script:Made)
    Assert-NvgateEqual -What 'WhatIf says what is missing' -Want 11 -Have @($look.missing).Count
    $done = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made
    Assert-NvgateEqual -What 'all but the port is made' -Want 10 -Have $done.done
    Assert-NvgateEqual -What 'the address comes first' -Want 'New-NetVirtualizationProviderAddress' -Have (Get-NvgateMockCall)[0]
    Assert-NvgateEqual -What 'routes come last' -Want 'New-NetVirtualizationCustomerRoute' -Have (Get-NvgateMockCall)[9]
    $again = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made
    Assert-NvgateEqual -What 'the second time changes nothing' -Want 0 -Have $again.steps
}

function Test-NvgateRepair {
    Start-NvgateCase
    $record = @(Get-NetVirtualizationLookupRecord | Where-Object { $_.CustomerAddress -eq '10.0.0.5' })[0]
    $record.ProviderAddress = '192.168.1.199'
    $guest = @(Get-NetVirtualizationLookupRecord | Where-Object { $_.Type -eq 'L2Only' })[0]
    $guest.Type = 'Static'
    Add-NvgateMockRecord -List 'Lookup' -Record @{ CustomerAddress = '10.0.0.77'; VirtualSubnetID = 6000; MACAddress = '0A0A0A0A0A0A'; ProviderAddress = '192.168.1.9'; CustomerID = ''; Context = ''; Rule = 1; VMName = 'old'; Type = 0; Unusable = $false }
    Add-NvgateMockRecord -List 'Lookup' -Record @{ CustomerAddress = '10.0.0.78'; VirtualSubnetID = 6000; MACAddress = '0A0A0A0A0A0B'; ProviderAddress = '192.168.1.9'; CustomerID = ''; Context = ''; Rule = 1; VMName = 'dhcp'; Type = 1; Unusable = $true }
    Add-NvgateMockRecord -List 'Lookup' -Record @{ CustomerAddress = '10.9.9.9'; VirtualSubnetID = 7777; MACAddress = '0A0A0A0A0A0C'; ProviderAddress = '192.168.1.9'; CustomerID = ''; Context = ''; Rule = 1; VMName = 'theirs'; Type = 0; Unusable = $false }
    $drift = Get-NvgateDrift -Policy (Get-NvgateSample) -StatePath $script:Made
    Assert-NvgateEqual -What 'two records are wrong' -Want 2 -Have @($drift.wrong).Count
    Assert-NvgateEqual -What 'one is too much' -Want 1 -Have @($drift.extra).Count
    Assert-NvgateEqual -What 'one was learned' -Want 1 -Have @($drift.learned).Count
    Assert-NvgateEqual -What 'one is foreign' -Want 1 -Have @($drift.foreign).Count
    Assert-NvgateEqual -What 'one is unusable' -Want 1 -Have @($drift.trouble).Count
    $careful = Get-NvgateDrift -Policy (Get-NvgateSample) -StatePath $script:Made -OwnedOnly
    Assert-NvgateEqual -What 'OwnedOnly leaves what it has not made' -Want 0 -Have @($careful.extra).Count
    [void] (Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made)
    Assert-NvgateEqual -What 'the record is mended' -Want '192.168.1.101' -Have $record.ProviderAddress
    Assert-NvgateEqual -What 'the old one is gone' -Want 0 -Have @(Get-NetVirtualizationLookupRecord | Where-Object { $_.VMName -eq 'old' }).Count
    Assert-NvgateEqual -What 'learned and foreign ones stay' -Want 2 -Have @(Get-NetVirtualizationLookupRecord | Where-Object { $_.VMName -in @('dhcp', 'theirs') }).Count
    Assert-NvgateEqual -What 'the type is right again' -Want 1 -Have @(Get-NetVirtualizationLookupRecord | Where-Object { $_.Type -eq 'L2Only' }).Count
}

function Test-NvgateFailure {
    Start-NvgateCase
    @(Get-NetVirtualizationLookupRecord | Where-Object { $_.CustomerAddress -eq '10.0.0.5' })[0].ProviderAddress = '192.168.1.199'
    Add-NvgateMockRecord -List 'Lookup' -Record @{ CustomerAddress = '10.0.0.77'; VirtualSubnetID = 6000; MACAddress = '0A0A0A0A0A0A'; ProviderAddress = '192.168.1.9'; CustomerID = ''; Context = ''; Rule = 1; VMName = 'old'; Type = 0; Unusable = $false }
    Set-NvgateMockRefusal -Command 'Set-NetVirtualizationLookupRecord'
    $report = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made
    Assert-NvgateEqual -What 'the refusal is told' -Want 1 -Have @($report.errors).Count
    Assert-NvgateEqual -What 'nothing is removed after a failure' -Want 1 -Have $report.skipped
}

function Test-NvgatePort {
    Start-NvgateCase
    $setting = [pscustomobject] @{ MaximumBandwidth = 8000000; MinimumBandwidthWeight = 5; MinimumBandwidthAbsolute = 0 }
    Add-NvgateMockRecord -List 'Port' -Record @{ VMName = 'web1'; MacAddress = '101010101105'; VirtualSubnetId = 0; BandwidthSetting = $setting }
    $report = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made
    Assert-NvgateEqual -What 'a wrong port is told' -Want 1 -Have @($report.wrong).Count
    Assert-NvgateEqual -What 'and left' -Want 0 -Have @(Get-VMNetworkAdapter)[0].VirtualSubnetId
    [void] (Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made -SetPort)
    Assert-NvgateEqual -What 'unless it is to be set' -Want 6000 -Have @(Get-VMNetworkAdapter)[0].VirtualSubnetId
    Assert-NvgateEqual -What 'so is a maximum' -Want 0 -Have @(Get-VMNetworkAdapter)[0].BandwidthSetting.MaximumBandwidth
    Assert-NvgateEqual -What 'and a weight' -Want 30 -Have @(Get-VMNetworkAdapter)[0].BandwidthSetting.MinimumBandwidthWeight
    $report = Sync-NvgateHost -Policy (Get-NvgateSample) -StatePath $script:Made -SetPort
    Assert-NvgateEqual -What 'then all is well' -Want 0 -Have $report.steps
}

function Test-NvgateLeaving {
    Start-NvgateCase
    Add-NvgateMockRecord -List 'Lookup' -Record @{ CustomerAddress = '10.9.9.9'; VirtualSubnetID = 7777; MACAddress = '0A0A0A0A0A0C'; ProviderAddress = '192.168.1.9'; CustomerID = ''; Context = ''; Rule = 1; VMName = 'theirs'; Type = 0; Unusable = $false }
    $sample = Get-NvgateSample
    $head = ConvertTo-Json -InputObject @{ Kind = 'nvgate-host-policy'; Schema = 1; FabricID = $sample.FabricID; HostName = 'hv1'; Revision = 0; Lines = 0 } -Compress
    $report = Sync-NvgateHost -Policy (ConvertFrom-NvgatePolicy -Line @($head)) -StatePath $script:Made -OwnedOnly
    Assert-NvgateEqual -What 'what was made goes' -Want 10 -Have $report.done
    Assert-NvgateEqual -What 'what was not stays' -Want 1 -Have @(Get-NetVirtualizationLookupRecord).Count
    Assert-NvgateEqual -What 'addresses go last' -Want 'Remove-NetVirtualizationProviderAddress' -Have @(Get-NvgateMockCall)[-1]
}

Test-NvgateEmptyHost
Test-NvgateRepair
Test-NvgateFailure
Test-NvgatePort
Test-NvgateLeaving
if ($script:Failed -gt 0) {
    exit 1
}
