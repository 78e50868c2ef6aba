function Get-NvgateHostState {
    <#
    .SYNOPSIS
    Reads what this host has: lookup records, customer routes, provider addresses and routes, and ports of VMs.
    #>
    [CmdletBinding()]
    param()
    foreach ($kind in $script:KindOrder) {
        foreach ($found in @(& ('Get-' + $script:Kinds[$kind].Noun))) {
            ConvertTo-NvgateItem -Kind $kind -Source $found
        }
    }
    if ($null -ne (Get-Command -Name 'Get-VMNetworkAdapter' -ErrorAction SilentlyContinue)) {
        foreach ($adapter in @(Get-VMNetworkAdapter -VMName '*')) {
            ConvertTo-NvgateItem -Kind 'port' -Source $adapter
        }
    }
}

function Get-NvgateProviderInterface {
    # Index of the network adapter that provider addresses are on.
    param([string] $InterfaceAlias)
    if ($InterfaceAlias -ne '') {
        return (Get-NetAdapter -Name $InterfaceAlias).ifIndex
    }
    $used = @(Get-NetVirtualizationProviderAddress | ForEach-Object { $_.InterfaceIndex } | Sort-Object -Unique)
    if ($used.Count -eq 1) {
        return $used[0]
    }
    $uplinks = @(Get-VMSwitch -SwitchType External | ForEach-Object { $_.NetAdapterInterfaceDescription })
    if ($uplinks.Count -eq 1) {
        return (Get-NetAdapter -InterfaceDescription $uplinks[0]).ifIndex
    }
    throw 'which network adapter the provider addresses belong on is not clear: say it with -InterfaceAlias'
}

function Get-NvgateMade {
    # Keys of the addresses and routes that were made on this host for this fabric.
    param([string] $StatePath, [string] $FabricID)
    if (-not (Test-Path -LiteralPath $StatePath)) {
        return
    }
    $state = ConvertFrom-Json -InputObject (Get-Content -LiteralPath $StatePath -Raw)
    if ((Get-NvgateProperty -Source $state -Name 'FabricID') -eq $FabricID) {
        @(Get-NvgateProperty -Source $state -Name 'Made') | Where-Object { [string] $_ -ne '' }
    }
}

function Set-NvgateMade {
    # Written aside and renamed, so that a crash leaves the old file or the new one.
    param([string] $StatePath, [string] $FabricID, [hashtable] $Made)
    $folder = Split-Path -Path $StatePath -Parent
    if (-not (Test-Path -LiteralPath $folder)) {
        [void] (New-Item -ItemType Directory -Path $folder -Force)
    }
    $text = ConvertTo-Json -InputObject @{ FabricID = $FabricID; Made = @($Made.Keys | Sort-Object) } -Depth 3
    Set-Content -LiteralPath ($StatePath + '.new') -Value $text -Encoding UTF8
    Move-Item -LiteralPath ($StatePath + '.new') -Destination $StatePath -Force
}

function Get-NvgateNowMade {
    # What of the remembered is still there, and what the steps will make.
    param([hashtable] $Made, [AllowEmptyCollection()] [object[]] $State, [object[]] $Step)
    $now = @{}
    foreach ($item in @($State | Where-Object { $Made.ContainsKey($_.Key) })) {
        $now[$item.Key] = $true
    }
    foreach ($new in @($Step | Where-Object { $_.Kind -ne 'lookup-record' -and $_.Command -like 'New-*' })) {
        $now[$new.Key] = $true
    }
    return $now
}

function ConvertTo-NvgateReportItem {
    param([object] $Item, [AllowEmptyCollection()] [string[]] $Field = @(), [object] $Found = $null)
    $report = @{ kind = $Item.Kind; key = $Item.Key }
    foreach ($name in $Field) {
        $report[$name] = @{ want = $Item.Values[$name]; have = $Found.Values[$name] }
    }
    return $report
}

function ConvertTo-NvgateReport {
    # The differences as plain data, for people and for the manager.
    param([object] $Policy, [object] $Difference, [AllowEmptyCollection()] [object[]] $State = @())
    $report = [ordered] @{
        fabric = $Policy.FabricID
        host = $Policy.HostName
        revision = $Policy.Revision
        inSync = ($Difference.Missing.Count + $Difference.Wrong.Count + $Difference.Extra.Count) -eq 0
        missing = @($Difference.Missing | ForEach-Object { ConvertTo-NvgateReportItem -Item $_ })
        wrong = @($Difference.Wrong | ForEach-Object {
                ConvertTo-NvgateReportItem -Item $_.Wanted -Field $_.Fields -Found $_.Found
            })
        extra = @($Difference.Extra | ForEach-Object { ConvertTo-NvgateReportItem -Item $_ })
        learned = @($Difference.Learned | ForEach-Object { ConvertTo-NvgateReportItem -Item $_ })
        foreign = @($Difference.Foreign | ForEach-Object { ConvertTo-NvgateReportItem -Item $_ })
        trouble = @($State | ForEach-Object { Get-NvgateTrouble -Item $_ })
    }
    return [pscustomobject] $report
}

function Get-NvgateTrouble {
    # What the host itself says is wrong with an object.
    param([object] $Item)
    foreach ($flag in @('Unusable', 'Unsynchronized')) {
        if ([string] (Get-NvgateProperty -Source $Item.Source -Name $flag) -eq 'True') {
            return @{ kind = $Item.Kind; key = $Item.Key; what = $flag }
        }
    }
    $address = [string] (Get-NvgateProperty -Source $Item.Source -Name 'AddressState')
    if ($Item.Kind -eq 'provider-address' -and $address -in @('Duplicate', 'Invalid')) {
        return @{ kind = $Item.Kind; key = $Item.Key; what = $address }
    }
}

function Get-NvgateDrift {
    <#
    .SYNOPSIS
    Says how this host differs from a policy. Changes nothing.

    .PARAMETER Policy
    From ConvertFrom-NvgatePolicy.

    .PARAMETER OwnedOnly
    Only what was made for this fabric counts as too much.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [object] $Policy,
        [string] $StatePath = (Join-Path -Path $env:ProgramData -ChildPath 'nvgate\made.json'),
        [switch] $OwnedOnly
    )
    $state = @(Get-NvgateHostState)
    $made = @(Get-NvgateMade -StatePath $StatePath -FabricID $Policy.FabricID)
    $difference = Compare-NvgateState -Policy $Policy -State $state -Made $made -OwnedOnly:$OwnedOnly
    return ConvertTo-NvgateReport -Policy $Policy -Difference $difference -State $state
}

function Invoke-NvgateStep {
    param([object] $Step)
    $arguments = $Step.Arguments
    $command = $Step.Command
    & $command @arguments -ErrorAction Stop | Out-Null
}

function Sync-NvgateHost {
    <#
    .SYNOPSIS
    Makes this host what a policy says: calls a cmdlet for each difference, and none if there is no difference.

    .DESCRIPTION
    Provider addresses and routes come first, then lookup records and customer routes; what is too much goes last, and only if
    everything before went well. One refused object does not keep the others. Returns a report: the differences that there were,
    how many steps were done, and the errors.

    .PARAMETER OwnedOnly
    Removes only what was made for this fabric. Otherwise other records of its virtual subnets go too.

    .PARAMETER SetPort
    Gives ports of VMs the virtual subnet and the bandwidth of the policy, found by their MAC. Otherwise a wrong one is only reported.

    .PARAMETER InterfaceAlias
    The network adapter for provider addresses, if there is a choice.
    #>
    [CmdletBinding(SupportsShouldProcess = $true)]
    param(
        [Parameter(Mandatory = $true)] [object] $Policy,
        [string] $StatePath = (Join-Path -Path $env:ProgramData -ChildPath 'nvgate\made.json'),
        [string] $InterfaceAlias = '',
        [switch] $OwnedOnly,
        [switch] $SetPort
    )
    $state = @(Get-NvgateHostState)
    $made = @{}
    foreach ($key in @(Get-NvgateMade -StatePath $StatePath -FabricID $Policy.FabricID)) {
        $made[$key] = $true
    }
    $difference = Compare-NvgateState -Policy $Policy -State $state -Made @($made.Keys) -OwnedOnly:$OwnedOnly
    $report = ConvertTo-NvgateReport -Policy $Policy -Difference $difference -State $state
    $steps = @(Get-NvgateStep -Difference $difference)
    if ($SetPort) {
        $additions = @($steps | Where-Object { $_.Phase -eq 'add' })
        $removals = @($steps | Where-Object { $_.Phase -eq 'remove' })
        $steps = $additions + @(Get-NvgatePortStep -Difference $difference) + $removals
        # Last: a switch in another bandwidth mode refuses them, which must hold up nothing else.
        $steps = $steps + @(Get-NvgateBandwidthStep -Difference $difference)
    }
    if ($steps.Count -gt 0 -and -not $WhatIfPreference) {
        # Before anything is made: a crash in between must not leave something that nobody remembers.
        $made = Get-NvgateNowMade -Made $made -State $state -Step $steps
        Set-NvgateMade -StatePath $StatePath -FabricID $Policy.FabricID -Made $made
    }
    $interface = $null
    $done = 0
    $skipped = 0
    $errors = New-Object System.Collections.ArrayList
    foreach ($step in $steps) {
        if ($step.Phase -eq 'remove' -and $errors.Count -gt 0) {
            $skipped = $skipped + 1
            continue
        }
        if (-not $PSCmdlet.ShouldProcess($step.Key, $step.Command)) {
            continue
        }
        try {
            if ($step.Command -like 'New-NetVirtualizationProvider*') {
                if ($null -eq $interface) {
                    $interface = Get-NvgateProviderInterface -InterfaceAlias $InterfaceAlias
                }
                $step.Arguments['InterfaceIndex'] = $interface
            }
            Invoke-NvgateStep -Step $step
            $done = $done + 1
        } catch {
            [void] $errors.Add(@{ object = $step.Key; command = $step.Command; message = [string] $_.Exception.Message })
        }
    }
    Add-Member -InputObject $report -NotePropertyName 'steps' -NotePropertyValue $steps.Count
    Add-Member -InputObject $report -NotePropertyName 'done' -NotePropertyValue $done
    Add-Member -InputObject $report -NotePropertyName 'skipped' -NotePropertyValue $skipped
    Add-Member -InputObject $report -NotePropertyName 'errors' -NotePropertyValue $errors.ToArray()
    return $report
}

function Get-NvgatePortStep {
    # Ports whose virtual subnet is wrong. The adapter itself is the argument: a VM may have several of one name.
    param([Parameter(Mandatory = $true)] [object] $Difference)
    foreach ($wrong in @($Difference.Wrong | Where-Object { $_.Wanted.Kind -eq 'port' -and 'VirtualSubnetID' -in $_.Fields })) {
        [pscustomobject] @{
            Phase = 'add'
            Command = 'Set-VMNetworkAdapter'
            Arguments = @{
                VMNetworkAdapter = $wrong.Found.Source
                VirtualSubnetId = [uint32] $wrong.Wanted.Raw['VirtualSubnetID']
            }
            Kind = 'port'
            Key = $wrong.Wanted.Key
        }
    }
}

function Get-NvgateBandwidthStep {
    # Ports whose bandwidth is not that of their port profile. A step for each value: what a switch refuses keeps no other value.
    param([Parameter(Mandatory = $true)] [object] $Difference)
    foreach ($wrong in @($Difference.Wrong | Where-Object { $_.Wanted.Kind -eq 'port' })) {
        foreach ($field in @($wrong.Fields | Where-Object { $_ -in $script:Bandwidth })) {
            $arguments = @{ VMNetworkAdapter = $wrong.Found.Source }
            $arguments[$field] = [long] $wrong.Wanted.Raw[$field]
            [pscustomobject] @{
                Phase = 'bandwidth'
                Command = 'Set-VMNetworkAdapter'
                Arguments = $arguments
                Kind = 'port'
                Key = $wrong.Wanted.Key
            }
        }
    }
}
