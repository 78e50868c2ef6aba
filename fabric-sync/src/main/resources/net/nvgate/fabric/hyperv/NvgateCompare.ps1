# Makes the NetWNV policy of a Hyper-V host what the nvgate manager says, by changing only what differs.
# Windows PowerShell 5.1 and PowerShell 7; module NetWNV (Windows Server 2012 R2 or later). Tells nothing to anybody by itself.
#
#   policy (one JSON object a line) --> items --+
#                                               +--> differences --> steps (one cmdlet each) --> NetWNV
#   Get-NetVirtualization* -----------> items --+
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:PolicyKind = 'nvgate-host-policy'
$script:PolicySchema = 1
$script:LinesAtOnce = 500

# One entry for each kind of object: the cmdlets' noun, what identifies it, what is compared, and what Set-... can change.
$script:Kinds = @{
    'provider-address' = @{
        Noun = 'NetVirtualizationProviderAddress'
        Key = @('ProviderAddress')
        Compared = @('PrefixLength', 'VlanID')
        Fixed = @()
    }
    'provider-route' = @{
        Noun = 'NetVirtualizationProviderRoute'
        Key = @('DestinationPrefix', 'NextHop')
        Compared = @('Metric')
        Fixed = @()
    }
    'lookup-record' = @{
        Noun = 'NetVirtualizationLookupRecord'
        Key = @('VirtualSubnetID', 'CustomerAddress', 'MACAddress')
        Compared = @('ProviderAddress', 'Rule', 'Type', 'CustomerID', 'Context', 'VMName')
        Fixed = @('Type')
    }
    'customer-route' = @{
        Noun = 'NetVirtualizationCustomerRoute'
        Key = @('RoutingDomainID', 'VirtualSubnetID', 'DestinationPrefix', 'NextHop')
        Compared = @('Metric')
        Fixed = @()
    }
    'port' = @{
        Noun = 'VMNetworkAdapter'
        Key = @('MACAddress')
        Compared = @('VirtualSubnetID', 'MaximumBandwidth', 'MinimumBandwidthWeight', 'MinimumBandwidthAbsolute')
        Fixed = @()
    }
}

# Of ports, bits per second but for the weight; on a host they are properties of the adapter's BandwidthSetting. What the policy leaves out stays.
$script:Bandwidth = @('MaximumBandwidth', 'MinimumBandwidthWeight', 'MinimumBandwidthAbsolute')

# In this order things are added; they are removed the other way round.
$script:KindOrder = @('provider-address', 'provider-route', 'lookup-record', 'customer-route')

# Names by number: the classes' enumerations, for objects that show the number only.
$script:EnumNames = @{
    'Rule' = @('TranslationMethodNat', 'TranslationMethodEncap', 'TranslationMethodNone')
    'Type' = @('Static', 'Dynamic', 'GatewayWildcard', 'L2Only')
}

function ConvertTo-NvgateValue {
    # One way of writing for each value, so that what means the same compares as the same.
    param([string] $Field, [object] $Value)
    $text = [string] $Value
    if ($text -eq '') {
        return ''
    }
    switch ($Field) {
        { $_ -in @('CustomerAddress', 'ProviderAddress', 'NextHop') } {
            return ([System.Net.IPAddress]::Parse($text)).ToString()
        }
        'DestinationPrefix' {
            $parts = $text.Split('/')
            return ([System.Net.IPAddress]::Parse($parts[0])).ToString() + '/' + $parts[1]
        }
        'MACAddress' {
            return ($text -replace '[^0-9A-Fa-f]', '').ToUpperInvariant()
        }
        'RoutingDomainID' {
            return ([Guid] $text).ToString('B').ToUpperInvariant()
        }
        { $_ -in @('Rule', 'Type') } {
            $names = $script:EnumNames[$Field]
            if ($text -match '^[0-9]{1,2}$' -and [int] $text -lt $names.Count) {
                return $names[[int] $text]
            }
            return $text
        }
    }
    return $text
}

function Get-NvgateProperty {
    # The value of a property, or an empty text if there is no such property.
    param([object] $Source, [string] $Name)
    $property = $Source.PSObject.Properties[$Name]
    if ($null -eq $property -or $null -eq $property.Value) {
        return ''
    }
    return $property.Value
}

function ConvertTo-NvgateItem {
    # What is compared: a key, the comparable values, and the values as they were found.
    param([string] $Kind, [object] $Source, [switch] $Wanted)
    $form = $script:Kinds[$Kind]
    $raw = @{}
    $values = @{}
    foreach ($field in ($form.Key + $form.Compared)) {
        $raw[$field] = Get-NvgateProperty -Source $Source -Name $field
        if ($field -in $script:Bandwidth -and -not $Wanted) {
            $setting = Get-NvgateProperty -Source $Source -Name 'BandwidthSetting'
            $raw[$field] = [long] ('0' + (Get-NvgateProperty -Source $setting -Name $field))
        }
        $values[$field] = ConvertTo-NvgateValue -Field $field -Value $raw[$field]
    }
    $key = $Kind
    foreach ($field in $form.Key) {
        $key = $key + '/' + $values[$field]
    }
    return [pscustomobject] @{
        Kind = $Kind
        Key = $key
        Wanted = [bool] $Wanted
        Values = $values
        Raw = $raw
        Source = $Source
    }
}

function ConvertFrom-NvgatePolicy {
    <#
    .SYNOPSIS
    Reads a host's policy as the manager writes it: a head and one JSON object a line.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [AllowEmptyString()] [string[]] $Line)
    $lines = @($Line | Where-Object { $_.Trim() -ne '' })
    if ($lines.Count -eq 0) {
        throw 'the policy is empty'
    }
    $head = ConvertFrom-Json -InputObject $lines[0]
    $kind = Get-NvgateProperty -Source $head -Name 'Kind'
    $schema = Get-NvgateProperty -Source $head -Name 'Schema'
    if ($kind -ne $script:PolicyKind -or $schema -ne $script:PolicySchema) {
        throw 'this is no policy of a host, or one of another version'
    }
    if ($head.Lines -ne ($lines.Count - 1)) {
        throw ('the policy is cut off: ' + ($lines.Count - 1) + ' of ' + $head.Lines + ' lines')
    }
    $items = New-Object System.Collections.ArrayList
    for ($first = 1; $first -lt $lines.Count; $first += $script:LinesAtOnce) {
        $last = [Math]::Min($first + $script:LinesAtOnce, $lines.Count) - 1
        foreach ($object in (ConvertFrom-Json -InputObject ('[' + ($lines[$first..$last] -join ',') + ']'))) {
            if (-not $script:Kinds.ContainsKey([string] $object.Kind)) {
                throw ('the policy has something of an unknown kind: ' + $object.Kind)
            }
            [void] $items.Add((ConvertTo-NvgateItem -Kind $object.Kind -Source $object -Wanted))
        }
    }
    return [pscustomobject] @{
        FabricID = [string] $head.FabricID
        HostName = [string] $head.HostName
        Revision = [long] $head.Revision
        Tag = 'nvgate:' + $head.FabricID + '/'
        Items = $items.ToArray()
    }
}

function Get-NvgateOwner {
    # Whose a thing is that the policy does not have: 'policy' (it goes), 'learned' or 'foreign' (it stays).
    param([object] $Item, [hashtable] $Scope)
    if ($Item.Kind -eq 'port') {
        return 'foreign'
    }
    if ($Item.Kind -eq 'lookup-record') {
        if ($Item.Values['Context'].StartsWith($Scope.Tag)) {
            return 'policy'
        }
        if (-not $Scope.VirtualSubnetIDs.ContainsKey($Item.Values['VirtualSubnetID'])) {
            return 'foreign'
        }
        if ($Item.Values['Type'] -eq 'Dynamic') {
            return 'learned'
        }
    } elseif ($Scope.Made.ContainsKey($Item.Key)) {
        return 'policy'
    } elseif ($Item.Kind -ne 'customer-route') {
        return 'foreign'
    } elseif (-not $Scope.RoutingDomainIDs.ContainsKey($Item.Values['RoutingDomainID'])) {
        return 'foreign'
    }
    if ($Scope.OwnedOnly) {
        return 'foreign'
    }
    return 'policy'
}

function Get-NvgateAmbiguousPort {
    # Ports of one MAC that occur twice in the policy or on the host: which is which cannot be told, so they are left alone.
    param([AllowEmptyCollection()] [object[]] $Item)
    $seen = @{}
    $ambiguous = @{}
    foreach ($port in @($Item | Where-Object { $_.Kind -eq 'port' })) {
        $side = $port.Key + '/' + $port.Wanted
        if ($seen.ContainsKey($side)) {
            $ambiguous[$port.Key] = $true
        }
        $seen[$side] = $true
    }
    return $ambiguous
}

function Compare-NvgateState {
    <#
    .SYNOPSIS
    What is missing, wrong and too much on a host. Reads and changes nothing.

    .PARAMETER Made
    Keys of what was made on this host before, other than lookup records, which have a mark of their own.

    .PARAMETER OwnedOnly
    Only what was made for this fabric is too much. Otherwise everything in its virtual subnets and routing domains is.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [object] $Policy,
        [AllowEmptyCollection()] [object[]] $State = @(),
        [AllowEmptyCollection()] [string[]] $Made = @(),
        [switch] $OwnedOnly
    )
    $scope = @{ Tag = $Policy.Tag; OwnedOnly = [bool] $OwnedOnly; Made = @{}; VirtualSubnetIDs = @{}; RoutingDomainIDs = @{} }
    foreach ($key in $Made) {
        $scope.Made[$key] = $true
    }
    $wanted = @{}
    foreach ($item in $Policy.Items) {
        if ($item.Kind -eq 'lookup-record') {
            $scope.VirtualSubnetIDs[$item.Values['VirtualSubnetID']] = $true
        }
        if ($item.Kind -eq 'customer-route') {
            $scope.RoutingDomainIDs[$item.Values['RoutingDomainID']] = $true
        }
        $wanted[$item.Key] = $item
    }
    $ambiguous = Get-NvgateAmbiguousPort -Item (@($Policy.Items) + @($State))
    $present = @{}
    $differences = @{ Missing = @(); Wrong = @(); Extra = @(); Learned = @(); Foreign = @() }
    $lists = @{}
    foreach ($name in @($differences.Keys)) {
        $lists[$name] = New-Object System.Collections.ArrayList
    }
    foreach ($item in $State) {
        $present[$item.Key] = $item
        if (-not $wanted.ContainsKey($item.Key)) {
            switch (Get-NvgateOwner -Item $item -Scope $scope) {
                'policy' { [void] $lists['Extra'].Add($item) }
                'learned' { [void] $lists['Learned'].Add($item) }
                'foreign' { if ($item.Kind -ne 'port') { [void] $lists['Foreign'].Add($item) } }
            }
        }
    }
    foreach ($item in @($Policy.Items | Where-Object { -not $ambiguous.ContainsKey($_.Key) })) {
        if (-not $present.ContainsKey($item.Key)) {
            [void] $lists['Missing'].Add($item)
            continue
        }
        $found = $present[$item.Key]
        $fields = @($script:Kinds[$item.Kind].Compared | Where-Object {
                $found.Values[$_] -ne $item.Values[$_] -and ($item.Values[$_] -ne '' -or $_ -notin $script:Bandwidth)
            })
        if ($fields.Count -gt 0) {
            [void] $lists['Wrong'].Add([pscustomobject] @{ Wanted = $item; Found = $found; Fields = $fields })
        }
    }
    foreach ($name in @($lists.Keys)) {
        $differences[$name] = $lists[$name].ToArray()
    }
    return [pscustomobject] $differences
}

function New-NvgateStep {
    # One call of one cmdlet. What identifies an object is always given: without, Set-... and Remove-... would take all of them.
    param([string] $Verb, [object] $Item, [hashtable] $Arguments, [string] $Phase)
    foreach ($field in $script:Kinds[$Item.Kind].Key) {
        if ([string] $Arguments[$field] -eq '') {
            throw ($Verb + ' of ' + $Item.Key + ' would have no ' + $field)
        }
    }
    return [pscustomobject] @{
        Phase = $Phase
        Command = $Verb + '-' + $script:Kinds[$Item.Kind].Noun
        Arguments = $Arguments
        Kind = $Item.Kind
        Key = $Item.Key
    }
}

function Get-NvgateKeyArgument {
    # What identifies an object, written as it was found.
    param([object] $Item)
    $arguments = @{}
    foreach ($field in $script:Kinds[$Item.Kind].Key) {
        $arguments[$field] = $Item.Raw[$field]
    }
    return $arguments
}

function New-NvgateAddition {
    param([object] $Item)
    $arguments = @{}
    $form = $script:Kinds[$Item.Kind]
    foreach ($field in ($form.Key + $form.Compared)) {
        if ([string] $Item.Raw[$field] -ne '') {
            $arguments[$field] = $Item.Raw[$field]
        }
    }
    return New-NvgateStep -Verb 'New' -Item $Item -Arguments $arguments -Phase 'add'
}

function New-NvgateRemoval {
    param([object] $Item, [string] $Phase)
    return New-NvgateStep -Verb 'Remove' -Item $Item -Arguments (Get-NvgateKeyArgument -Item $Item) -Phase $Phase
}

function New-NvgateCorrection {
    # Set-... where it can, otherwise the object goes and comes again.
    param([object] $Difference)
    $form = $script:Kinds[$Difference.Wanted.Kind]
    if (@($Difference.Fields | Where-Object { $_ -in $form.Fixed }).Count -gt 0) {
        New-NvgateRemoval -Item $Difference.Found -Phase 'add'
        New-NvgateAddition -Item $Difference.Wanted
        return
    }
    $arguments = Get-NvgateKeyArgument -Item $Difference.Found
    foreach ($field in $Difference.Fields) {
        $arguments[$field] = $Difference.Wanted.Raw[$field]
    }
    New-NvgateStep -Verb 'Set' -Item $Difference.Wanted -Arguments $arguments -Phase 'add'
}

function Test-NvgateConflict {
    # True if a host cannot have both: a customer address at two MACs, a virtual subnet in two routing domains.
    param([object] $Wanted, [object] $Extra)
    if ($Wanted.Kind -ne $Extra.Kind -or $Wanted.Values['VirtualSubnetID'] -ne $Extra.Values['VirtualSubnetID']) {
        return $false
    }
    if ($Wanted.Kind -eq 'customer-route') {
        return $Wanted.Values['RoutingDomainID'] -ne $Extra.Values['RoutingDomainID']
    }
    return $Wanted.Values['CustomerAddress'] -eq $Extra.Values['CustomerAddress'] -and
        $Wanted.Values['CustomerAddress'] -notin @('0.0.0.0', '::')
}

function Get-NvgateConflictKey {
    # Two objects can be in conflict only if this is the same.
    param([object] $Item)
    if ($Item.Kind -eq 'customer-route') {
        return 'route/' + $Item.Values['VirtualSubnetID']
    }
    return 'lookup/' + $Item.Values['VirtualSubnetID'] + '/' + $Item.Values['CustomerAddress']
}

function Get-NvgateStep {
    <#
    .SYNOPSIS
    The cmdlets that take away the differences, in an order in which no packet is lost: what is new comes before what is old goes.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [object] $Difference)
    $gone = @{}
    $extras = @{}
    foreach ($item in @($Difference.Extra | Where-Object { $_.Kind -in @('lookup-record', 'customer-route') })) {
        $group = Get-NvgateConflictKey -Item $item
        if (-not $extras.ContainsKey($group)) {
            $extras[$group] = New-Object System.Collections.ArrayList
        }
        [void] $extras[$group].Add($item)
    }
    foreach ($kind in $script:KindOrder) {
        foreach ($wrong in @($Difference.Wrong | Where-Object { $_.Wanted.Kind -eq $kind })) {
            New-NvgateCorrection -Difference $wrong
        }
        foreach ($item in @($Difference.Missing | Where-Object { $_.Kind -eq $kind })) {
            if ($kind -in @('lookup-record', 'customer-route')) {
                $group = Get-NvgateConflictKey -Item $item
                foreach ($extra in @($extras[$group] | Where-Object { $null -ne $_ })) {
                    if (-not $gone.ContainsKey($extra.Key) -and (Test-NvgateConflict -Wanted $item -Extra $extra)) {
                        $gone[$extra.Key] = $true
                        New-NvgateRemoval -Item $extra -Phase 'add'
                    }
                }
            }
            New-NvgateAddition -Item $item
        }
    }
    foreach ($kind in @('customer-route', 'lookup-record', 'provider-route', 'provider-address')) {
        foreach ($item in @($Difference.Extra | Where-Object { $_.Kind -eq $kind -and -not $gone.ContainsKey($_.Key) })) {
            New-NvgateRemoval -Item $item -Phase 'remove'
        }
    }
}
