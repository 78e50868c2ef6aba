# Writes what this Hyper-V host shows of its network virtualization as COMPUTER.json, for "nvgate import". Changes nothing else.
#
#   .\Export-NetWnv.ps1 -Directory \\server\netwnv
#
# The file is written aside and then put in place, so that a reader never sees half of it.
param(
    [Parameter(Mandatory = $true)]
    [string]$Directory
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

# ConvertTo-Json writes enumerations as numbers, which Microsoft does not document.
$rule = @{ Name = 'Rule'; Expression = { $_.Rule.ToString() } }
$type = @{ Name = 'Type'; Expression = { $_.Type.ToString() } }
$state = @{ Name = 'AddressState'; Expression = { $_.AddressState.ToString() } }

$recordProperties = 'CustomerAddress', 'VirtualSubnetID', 'MACAddress', 'ProviderAddress', 'CustomerID', 'Context', 'VMName', 'UseVmMACAddress', 'Unusable', 'Unsynchronized', $rule, $type
$routeProperties = 'RoutingDomainID', 'VirtualSubnetID', 'DestinationPrefix', 'NextHop', 'Metric'
$addressProperties = 'ProviderAddress', 'InterfaceIndex', 'PrefixLength', 'VlanID', 'MACAddress', 'ManagedByCluster', $state
$providerRouteProperties = 'InterfaceIndex', 'DestinationPrefix', 'NextHop', 'Metric'

$document = [pscustomobject]@{
    Name = $env:COMPUTERNAME
    LookupRecords = @(Get-NetVirtualizationLookupRecord | Select-Object -Property $recordProperties)
    CustomerRoutes = @(Get-NetVirtualizationCustomerRoute | Select-Object -Property $routeProperties)
    ProviderAddresses = @(Get-NetVirtualizationProviderAddress | Select-Object -Property $addressProperties)
    ProviderRoutes = @(Get-NetVirtualizationProviderRoute | Select-Object -Property $providerRouteProperties)
    Global = (Get-NetVirtualizationGlobal | Select-Object -Property 'UseExternalRouter')
}

$file = Join-Path -Path $Directory -ChildPath ($env:COMPUTERNAME + '.json')
$aside = $file + '.new'
[System.IO.File]::WriteAllText($aside, (ConvertTo-Json -InputObject $document -Depth 3))
Move-Item -LiteralPath $aside -Destination $file -Force
