<#
.SYNOPSIS
Keeps this Hyper-V host at the policy that the nvgate manager has for it.

.DESCRIPTION
Run as SYSTEM by the scheduled task that Install-NvgateAgent.ps1 makes, at most one at a time. Asks the manager, over TLS and with
the host's own certificate, for the host's policy; the manager answers at once when it changes. Makes the host so, says how it went,
and looks now and then whether somebody else changed something. While the manager is away the last policy stays in force.

.PARAMETER Once
One round: ask, make, report, end.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    [string] $Folder = (Join-Path -Path $env:ProgramData -ChildPath 'nvgate'),
    [switch] $Once
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:WaitSeconds = 30
$script:RunMinutes = 55
$script:ReportItems = 100
$script:LogBytes = 1048576

#include NvgateConnection.ps1

function Write-NvgateLog {
    # Into agent.log, of which one older one is kept; what is wrong also into the event log.
    param([string] $Text, [switch] $Wrong)
    $path = Join-Path -Path $Folder -ChildPath 'agent.log'
    if ((Test-Path -LiteralPath $path) -and (Get-Item -LiteralPath $path).Length -gt $script:LogBytes) {
        Move-Item -LiteralPath $path -Destination ($path + '.1') -Force
    }
    $line = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ss') + 'Z ' + $Text
    [System.IO.File]::AppendAllText($path, $line + [System.Environment]::NewLine)
    if ($Wrong) {
        try {
            [System.Diagnostics.EventLog]::WriteEntry('nvgate', $Text, [System.Diagnostics.EventLogEntryType]::Warning, 1)
        } catch {
            [System.IO.File]::AppendAllText($path, 'no event log: ' + $_.Exception.Message + [System.Environment]::NewLine)
        }
    }
}

function Get-NvgateConfig {
    return ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText((Join-Path -Path $Folder -ChildPath 'agent.json')))
}

function Get-NvgateSession {
    # What each request needs. Read anew in each round: a renewal changes it.
    param([object] $Config, [string] $Manager)
    $trusted = [System.IO.File]::ReadAllText((Join-Path -Path $Folder -ChildPath 'trusted.pem'))
    return @{
        Manager = $Manager
        Certificate = Get-NvgateOwnCertificate -Config $Config -Folder $Folder
        Trust = New-NvgateTrust -Pem $trusted -FabricID $Config.FabricID
        Agent = 'nvgate-agent/' + $Config.Version
    }
}

function Send-NvgateMessage {
    param([hashtable] $Session, [string] $Method, [string] $Path, [string] $Body = '', [string] $ETag = '')
    return Send-NvgateRequest -Method $Method -Uri ($Session.Manager + $Path) -Body $Body -ETag $ETag -Certificate $Session.Certificate -Trust $Session.Trust -Agent $Session.Agent
}

function Update-NvgateIdentity {
    # The CAs that managers have now, and a new certificate when two thirds of the old one's life have passed, or by a new CA.
    # Of an outside CA the manager has none to give: whoever put it here renews it.
    param([hashtable] $Session, [object] $Config)
    $trusted = Assert-NvgateAnswer -Answer (Send-NvgateMessage -Session $Session -Method 'GET' -Path '/v1/trusted') -What 'CAs'
    Save-NvgateText -Path (Join-Path -Path $Folder -ChildPath 'trusted.pem') -Text $trusted.trusted
    if ((Get-NvgateOutsideSubject -Config $Config) -ne '') {
        return
    }
    $issuing = (Get-NvgateAuthority -Pem $trusted.trusted)[0].Subject
    $life = $Session.Certificate.NotAfter - $Session.Certificate.NotBefore
    $young = [System.DateTime]::Now -lt $Session.Certificate.NotBefore.AddSeconds($life.TotalSeconds * 2 / 3)
    if ($young -and $Session.Certificate.Issuer -eq $issuing) {
        return
    }
    try {
        Update-NvgateCertificate -Session $Session
    } catch {
        # The present one serves as long as it is good.
        Write-NvgateLog -Text ('no new certificate: ' + $_.Exception.Message) -Wrong
    }
}

function Update-NvgateCertificate {
    # Another certificate in the place of the present one.
    param([hashtable] $Session)
    $key = New-NvgateKey
    $body = ConvertTo-Json -InputObject @{ request = (New-NvgateRequest -Key $key) }
    $given = Assert-NvgateAnswer -Answer (Send-NvgateMessage -Session $Session -Method 'POST' -Path '/v1/renew' -Body $body) -What 'renewal'
    $thumbprint = Add-NvgateCertificate -Pem $given.certificates -Key $key
    Save-NvgateText -Path (Join-Path -Path $Folder -ChildPath 'thumbprint.txt') -Text $thumbprint
    Remove-NvgateCertificate -Thumbprint $Session.Certificate.Thumbprint
    Write-NvgateLog -Text ('new certificate ' + $thumbprint)
}

function Get-NvgateShortened {
    # The first ones of a list.
    param([AllowEmptyCollection()] [object[]] $List)
    return , @($List | Select-Object -First $script:ReportItems)
}

function Set-NvgateHost {
    # Makes the host what the kept policy says; answers the report for the manager.
    param([object] $Config)
    $lines = [System.IO.File]::ReadAllLines((Join-Path -Path $Folder -ChildPath 'policy.jsonl'))
    $policy = ConvertFrom-NvgatePolicy -Line $lines
    if ($policy.FabricID -ne $Config.FabricID) {
        throw ('the policy is of another fabric: ' + $policy.FabricID)
    }
    $report = Sync-NvgateHost -Policy $policy -StatePath (Join-Path -Path $Folder -ChildPath 'made.json') -InterfaceAlias $Config.InterfaceAlias -OwnedOnly:$Config.OwnedOnly -SetPort:$Config.SetPort -Confirm:$false
    foreach ($failure in $report.errors) {
        Write-NvgateLog -Text ($failure.command + ' of ' + $failure.object + ': ' + $failure.message) -Wrong
    }
    if ($report.done -gt 0) {
        Write-NvgateLog -Text ('revision ' + $report.revision + ': ' + $report.done + ' changes')
    }
    return $report
}

function Repair-NvgateHost {
    # Keeps the last policy in force without a manager, also after a restart of the host.
    param([object] $Config, [hashtable] $State)
    $due = [System.DateTime]::UtcNow -ge $State.Checked.AddSeconds($Config.DriftSeconds)
    if ($due -and (Test-Path -LiteralPath (Join-Path -Path $Folder -ChildPath 'policy.jsonl'))) {
        $State.Checked = [System.DateTime]::UtcNow
        try {
            [void] (Set-NvgateHost -Config $Config)
        } catch {
            Write-NvgateLog -Text ('the last policy: ' + $_.Exception.Message) -Wrong
        }
    }
}

function Send-NvgateStatus {
    param([hashtable] $Session, [object] $Report, [string] $Failure = '')
    $status = @{ version = $Session.Agent; error = $Failure }
    if ($null -ne $Report) {
        $status['revision'] = $Report.revision
        $status['done'] = $Report.done
        $status['skipped'] = $Report.skipped
        foreach ($name in @('missing', 'wrong', 'extra', 'learned', 'foreign', 'trouble', 'errors')) {
            $status[$name] = @{ count = @($Report.$name).Count; items = (Get-NvgateShortened -List @($Report.$name)) }
        }
    }
    $body = ConvertTo-Json -InputObject $status -Depth 8 -Compress
    $answer = Send-NvgateMessage -Session $Session -Method 'POST' -Path '/v1/status' -Body $body
    if ($answer.Status -ne 204) {
        throw ('status: the manager answers ' + $answer.Status + ': ' + $answer.Body)
    }
}

function Invoke-NvgateRound {
    # One question to the manager and what follows from the answer. State: the ETag that is in force, and when it was last checked.
    param([hashtable] $Session, [object] $Config, [hashtable] $State)
    $wait = $script:WaitSeconds
    if ($Once) {
        $wait = 0
    }
    $answer = Send-NvgateMessage -Session $Session -Method 'GET' -Path ('/v1/policy?wait=' + $wait) -ETag $State.ETag
    if ($answer.Status -eq 200) {
        Save-NvgateText -Path (Join-Path -Path $Folder -ChildPath 'policy.jsonl') -Text $answer.Body
    } elseif ($answer.Status -ne 304) {
        throw ('policy: the manager answers ' + $answer.Status + ': ' + $answer.Body)
    }
    $checkDue = [System.DateTime]::UtcNow -ge $State.Checked.AddSeconds($Config.DriftSeconds)
    if ($answer.Status -eq 304 -and -not $checkDue) {
        return
    }
    $State.Checked = [System.DateTime]::UtcNow
    try {
        $report = Set-NvgateHost -Config $Config
    } catch {
        $State.ETag = ''
        Send-NvgateStatus -Session $Session -Report $null -Failure ([string] $_.Exception.Message)
        throw
    }
    if (@($report.errors).Count -gt 0) {
        # Not in force: the manager is asked for all of it again, and it is tried again.
        $State.ETag = ''
    } elseif ($answer.Status -eq 200) {
        $State.ETag = $answer.ETag
    }
    Send-NvgateStatus -Session $Session -Report $report
    if (@($report.errors).Count -gt 0) {
        throw ([string] @($report.errors).Count + ' changes were refused')
    }
}

function Start-NvgateAgent {
    Initialize-NvgateConnection
    $config = Get-NvgateConfig
    $managers = @($config.Managers)
    $end = [System.DateTime]::UtcNow.AddMinutes($script:RunMinutes)
    $state = @{ ETag = ''; Checked = [System.DateTime]::MinValue }
    $failures = 0
    $turn = 0
    $fresh = $false
    Write-NvgateLog -Text 'the agent starts'
    Repair-NvgateHost -Config $config -State $state
    while ([System.DateTime]::UtcNow -lt $end) {
        $manager = $managers[$turn % $managers.Count]
        try {
            $session = Get-NvgateSession -Config $config -Manager $manager
            if (-not $fresh) {
                Update-NvgateIdentity -Session $session -Config $config
                $fresh = $true
                $session = Get-NvgateSession -Config $config -Manager $manager
            }
            Invoke-NvgateRound -Session $session -Config $config -State $state
            $failures = 0
            if ($Once) {
                return
            }
        } catch {
            Write-NvgateLog -Text ($manager + ': ' + $_.Exception.Message) -Wrong
            if ($Once) {
                throw
            }
            Repair-NvgateHost -Config $config -State $state
            $turn = $turn + 1
            $failures = [Math]::Min($failures + 1, 8)
            Start-Sleep -Milliseconds (Get-Random -Minimum 500 -Maximum (1000 * [Math]::Pow(2, $failures)))
        }
    }
}

Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath 'NvgateHost.psm1') -Force
Start-NvgateAgent
