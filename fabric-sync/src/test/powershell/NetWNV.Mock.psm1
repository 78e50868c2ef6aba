# Stands for the modules NetWNV and Hyper-V where there is no Windows: the same cmdlets and parameters, records in memory.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:Store = @{}
$script:Calls = New-Object System.Collections.ArrayList
$script:Refused = ''

function Reset-NvgateMock {
    $script:Store = @{ Lookup = @(); Route = @(); Address = @(); ProviderRoute = @(); Port = @() }
    $script:Refused = ''
    $script:Calls.Clear()
}

function Get-NvgateMockCall {
    # Names of the cmdlets that changed something, in order.
    return $script:Calls.ToArray()
}

function Set-NvgateMockRefusal {
    # The cmdlet of this name throws from now on.
    param([string] $Command)
    $script:Refused = $Command
}

function Add-NvgateMockRecord {
    # As somebody else's doing.
    param([string] $List, [hashtable] $Record)
    $script:Store[$List] = @($script:Store[$List]) + @([pscustomobject] $Record)
}

function Invoke-NvgateMockNew {
    param([string] $Command, [string] $List, [string[]] $Key, [hashtable] $Record)
    if ($script:Refused -eq $Command) {
        throw 'Access is denied.'
    }
    foreach ($present in @($script:Store[$List])) {
        if (@($Key | Where-Object { [string] $present.$_ -ne [string] $Record[$_] }).Count -eq 0) {
            throw 'An object of this key is there already.'
        }
    }
    [void] $script:Calls.Add($Command)
    $script:Store[$List] = @($script:Store[$List]) + @([pscustomobject] $Record)
}

function Select-NvgateMockRecord {
    param([string] $List, [hashtable] $Filter)
    return @($script:Store[$List] | Where-Object {
            $record = $_
            @($Filter.Keys | Where-Object { [string] $record.$_ -ne [string] $Filter[$_] }).Count -eq 0
        })
}

function Invoke-NvgateMockSet {
    param([string] $Command, [string] $List, [string[]] $Key, [hashtable] $Bound)
    if ($script:Refused -eq $Command) {
        throw 'Access is denied.'
    }
    $filter = @{}
    foreach ($name in @($Key | Where-Object { $Bound.ContainsKey($_) })) {
        $filter[$name] = $Bound[$name]
    }
    $found = @(Select-NvgateMockRecord -List $List -Filter $filter)
    if ($found.Count -ne 1) {
        throw ('not one record but ' + $found.Count)
    }
    [void] $script:Calls.Add($Command)
    foreach ($name in @($Bound.Keys | Where-Object { $_ -notin ($Key + @('ErrorAction')) })) {
        $found[0].$name = $Bound[$name]
    }
}

function Invoke-NvgateMockRemove {
    param([string] $Command, [string] $List, [hashtable] $Bound)
    if ($script:Refused -eq $Command) {
        throw 'Access is denied.'
    }
    $filter = @{}
    foreach ($name in @($Bound.Keys | Where-Object { $_ -ne 'ErrorAction' })) {
        $filter[$name] = $Bound[$name]
    }
    $gone = @(Select-NvgateMockRecord -List $List -Filter $filter)
    if ($gone.Count -ne 1) {
        throw ('not one record but ' + $gone.Count)
    }
    [void] $script:Calls.Add($Command)
    $script:Store[$List] = @($script:Store[$List] | Where-Object { $_ -ne $gone[0] })
}

function Get-NetVirtualizationLookupRecord {
    [CmdletBinding()]
    param()
    return $script:Store['Lookup']
}

function Get-NetVirtualizationCustomerRoute {
    [CmdletBinding()]
    param()
    return $script:Store['Route']
}

function Get-NetVirtualizationProviderAddress {
    [CmdletBinding()]
    param()
    return $script:Store['Address']
}

function Get-NetVirtualizationProviderRoute {
    [CmdletBinding()]
    param()
    return $script:Store['ProviderRoute']
}

function Get-VMNetworkAdapter {
    [CmdletBinding()]
    param([string] $VMName)
    return $script:Store['Port']
}

function Get-NetAdapter {
    [CmdletBinding()]
    param([string] $Name, [string] $InterfaceDescription)
    return [pscustomobject] @{ ifIndex = 13 }
}

function Get-VMSwitch {
    [CmdletBinding()]
    param([string] $SwitchType)
    return [pscustomobject] @{ NetAdapterInterfaceDescription = 'Ethernet' }
}

function New-NetVirtualizationLookupRecord {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $CustomerAddress,
        [Parameter(Mandatory = $true)] [uint32] $VirtualSubnetID,
        [Parameter(Mandatory = $true)] [string] $MACAddress,
        [Parameter(Mandatory = $true)] [string] $ProviderAddress,
        [string] $CustomerID = '',
        [string] $Context = '',
        [Parameter(Mandatory = $true)] [ValidateSet('TranslationMethodNat', 'TranslationMethodEncap', 'TranslationMethodNone')] [string] $Rule,
        [string] $VMName = '',
        [ValidateSet('Static', 'Dynamic', 'GatewayWildcard', 'L2Only')] [string] $Type = 'Static'
    )
    Invoke-NvgateMockNew -Command 'New-NetVirtualizationLookupRecord' -List 'Lookup' -Key @('CustomerAddress', 'VirtualSubnetID', 'MACAddress') -Record @{
        CustomerAddress = $CustomerAddress; VirtualSubnetID = $VirtualSubnetID; MACAddress = $MACAddress; ProviderAddress = $ProviderAddress
        CustomerID = $CustomerID; Context = $Context; Rule = $Rule; VMName = $VMName; Type = $Type; Unusable = $false
    }
}

function Set-NetVirtualizationLookupRecord {
    [CmdletBinding()]
    param([string] $CustomerAddress, [uint32] $VirtualSubnetID, [string] $MACAddress, [string] $ProviderAddress, [string] $CustomerID, [string] $Context, [string] $Rule, [string] $VMName)
    Invoke-NvgateMockSet -Command 'Set-NetVirtualizationLookupRecord' -List 'Lookup' -Key @('CustomerAddress', 'VirtualSubnetID', 'MACAddress') -Bound $PSBoundParameters
}

function Remove-NetVirtualizationLookupRecord {
    [CmdletBinding()]
    param([string] $CustomerAddress, [uint32] $VirtualSubnetID, [string] $MACAddress)
    Invoke-NvgateMockRemove -Command 'Remove-NetVirtualizationLookupRecord' -List 'Lookup' -Bound $PSBoundParameters
}

function New-NetVirtualizationCustomerRoute {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $RoutingDomainID,
        [Parameter(Mandatory = $true)] [uint32] $VirtualSubnetID,
        [Parameter(Mandatory = $true)] [string] $DestinationPrefix,
        [Parameter(Mandatory = $true)] [string] $NextHop,
        [uint32] $Metric = 0
    )
    Invoke-NvgateMockNew -Command 'New-NetVirtualizationCustomerRoute' -List 'Route' -Key @('RoutingDomainID', 'VirtualSubnetID', 'DestinationPrefix', 'NextHop') -Record @{
        RoutingDomainID = $RoutingDomainID; VirtualSubnetID = $VirtualSubnetID; DestinationPrefix = $DestinationPrefix; NextHop = $NextHop; Metric = $Metric
    }
}

function Set-NetVirtualizationCustomerRoute {
    [CmdletBinding()]
    param([string] $RoutingDomainID, [uint32] $VirtualSubnetID, [string] $DestinationPrefix, [string] $NextHop, [uint32] $Metric)
    Invoke-NvgateMockSet -Command 'Set-NetVirtualizationCustomerRoute' -List 'Route' -Key @('RoutingDomainID', 'VirtualSubnetID', 'DestinationPrefix', 'NextHop') -Bound $PSBoundParameters
}

function Remove-NetVirtualizationCustomerRoute {
    [CmdletBinding()]
    param([string] $RoutingDomainID, [uint32] $VirtualSubnetID, [string] $DestinationPrefix, [string] $NextHop)
    Invoke-NvgateMockRemove -Command 'Remove-NetVirtualizationCustomerRoute' -List 'Route' -Bound $PSBoundParameters
}

function New-NetVirtualizationProviderAddress {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $ProviderAddress,
        [Parameter(Mandatory = $true)] [uint32] $InterfaceIndex,
        [Parameter(Mandatory = $true)] [byte] $PrefixLength,
        [uint16] $VlanID = 0
    )
    Invoke-NvgateMockNew -Command 'New-NetVirtualizationProviderAddress' -List 'Address' -Key @('ProviderAddress') -Record @{
        ProviderAddress = $ProviderAddress; InterfaceIndex = $InterfaceIndex; PrefixLength = $PrefixLength; VlanID = $VlanID; AddressState = 'Preferred'
    }
}

function Set-NetVirtualizationProviderAddress {
    [CmdletBinding()]
    param([string] $ProviderAddress, [byte] $PrefixLength, [uint16] $VlanID)
    Invoke-NvgateMockSet -Command 'Set-NetVirtualizationProviderAddress' -List 'Address' -Key @('ProviderAddress') -Bound $PSBoundParameters
}

function Remove-NetVirtualizationProviderAddress {
    [CmdletBinding()]
    param([string] $ProviderAddress)
    Invoke-NvgateMockRemove -Command 'Remove-NetVirtualizationProviderAddress' -List 'Address' -Bound $PSBoundParameters
}

function New-NetVirtualizationProviderRoute {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [uint32] $InterfaceIndex,
        [Parameter(Mandatory = $true)] [string] $DestinationPrefix,
        [Parameter(Mandatory = $true)] [string] $NextHop,
        [uint32] $Metric = 0
    )
    Invoke-NvgateMockNew -Command 'New-NetVirtualizationProviderRoute' -List 'ProviderRoute' -Key @('DestinationPrefix', 'NextHop') -Record @{
        InterfaceIndex = $InterfaceIndex; DestinationPrefix = $DestinationPrefix; NextHop = $NextHop; Metric = $Metric
    }
}

function Set-NetVirtualizationProviderRoute {
    [CmdletBinding()]
    param([string] $DestinationPrefix, [string] $NextHop, [uint32] $Metric)
    Invoke-NvgateMockSet -Command 'Set-NetVirtualizationProviderRoute' -List 'ProviderRoute' -Key @('DestinationPrefix', 'NextHop') -Bound $PSBoundParameters
}

function Remove-NetVirtualizationProviderRoute {
    [CmdletBinding()]
    param([string] $DestinationPrefix, [string] $NextHop)
    Invoke-NvgateMockRemove -Command 'Remove-NetVirtualizationProviderRoute' -List 'ProviderRoute' -Bound $PSBoundParameters
}

function Set-VMNetworkAdapter {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [object] $VMNetworkAdapter,
        [uint32] $VirtualSubnetId,
        [long] $MaximumBandwidth,
        [uint32] $MinimumBandwidthWeight,
        [long] $MinimumBandwidthAbsolute
    )
    [void] $script:Calls.Add('Set-VMNetworkAdapter')
    foreach ($name in @($PSBoundParameters.Keys | Where-Object { $_ -like '*Bandwidth*' })) {
        $VMNetworkAdapter.BandwidthSetting.$name = $PSBoundParameters[$name]
    }
    if ($PSBoundParameters.ContainsKey('VirtualSubnetId')) {
        $VMNetworkAdapter.VirtualSubnetId = $VirtualSubnetId
    }
}

Reset-NvgateMock
Export-ModuleMember -Function '*'
