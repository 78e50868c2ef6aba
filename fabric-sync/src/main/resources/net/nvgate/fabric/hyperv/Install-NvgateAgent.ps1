<#
.SYNOPSIS
Joins this Hyper-V host to an nvgate fabric, and installs the agent that keeps its network virtualization as the fabric says.

.DESCRIPTION
Makes a key that does not leave this machine, gets a certificate for it with a join token (which is good once), downloads module and
agent from the manager, and registers a scheduled task that runs the agent as SYSTEM. The manager is known by the token: no certificate
is put among the machine's trusted roots.

Writes to Program Files\nvgate (scripts), ProgramData\nvgate (settings, policy, log; for administrators only) and the machine's
certificate store. Removes all of it with -Uninstall; what it has set in NetWNV stays, unless -RemovePolicy is given too.

.PARAMETER Manager
Addresses of managers, e.g. https://manager1:7251.

.PARAMETER Token
From 'nvgate join-token create host/NAME'.

.PARAMETER CertificateSubject
Instead of a token, where certificates come from an outside CA (identity.outside-ca of the manager): subject of the host's
certificate in Cert:\LocalMachine\My, whose key is there too. Of several the agent takes the one that lasts longest.

.PARAMETER TrustedFile
With -CertificateSubject: PEM file of the CAs by which managers are known.

.PARAMETER OwnedOnly
The agent removes only what it has made. Otherwise other records of the fabric's virtual subnets go too.

.PARAMETER SetPort
The agent sets the virtual subnet of VMs' network adapters, found by their MAC.

.PARAMETER InterfaceAlias
The network adapter for provider addresses, if there is a choice.

.PARAMETER DriftSeconds
How often the agent looks whether somebody else changed something.

.PARAMETER Update
Downloads module and agent again, and keeps everything else.

.EXAMPLE
.\Install-NvgateAgent.ps1 -Manager https://manager1:7251 -Token nvgate-join-... -SetPort

.EXAMPLE
.\Install-NvgateAgent.ps1 -Manager https://manager1:7251 -CertificateSubject CN=hv1.hosts.example.org -TrustedFile .\ca.pem -SetPort
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [string[]] $Manager = @(),
    [string] $Token = '',
    [string] $CertificateSubject = '',
    [string] $TrustedFile = '',
    [switch] $OwnedOnly,
    [switch] $SetPort,
    [string] $InterfaceAlias = '',
    [int] $DriftSeconds = 300,
    [switch] $Update,
    [switch] $Uninstall,
    [switch] $RemovePolicy
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$script:Data = Join-Path -Path $env:ProgramData -ChildPath 'nvgate'
$script:Program = Join-Path -Path $env:ProgramFiles -ChildPath 'nvgate'
$script:TaskName = 'nvgate agent'

#include NvgateConnection.ps1

function Get-NvgatePin {
    # SHA-256 of the manager's CA, in the first half of a token.
    param([string] $Text)
    if ($Text -notmatch '^nvgate-join-([A-Za-z0-9_-]{86})$') {
        throw 'that is no join token'
    }
    $bytes = [System.Convert]::FromBase64String($matches[1].Replace('-', '+').Replace('_', '/') + '==')
    return [System.BitConverter]::ToString($bytes, 0, 32)
}

function Get-NvgateFirstTrust {
    # The manager's CAs, asked for without trust, of which one must be that of the token.
    param([string] $Address, [string] $Pin)
    $anyone = New-Object NvgateFirstContact
    $given = Assert-NvgateAnswer -Answer (Send-NvgateRequest -Method 'GET' -Uri ($Address + '/v1/trusted') -Trust $anyone) -What 'CAs'
    $hash = [System.Security.Cryptography.SHA256]::Create()
    foreach ($authority in (Get-NvgateAuthority -Pem $given.trusted)) {
        if ([System.BitConverter]::ToString($hash.ComputeHash($authority.RawData)) -eq $Pin) {
            return [System.Convert]::ToBase64String($authority.RawData)
        }
    }
    throw ($Address + ' is not the manager that the token is from: no CA of it has the fingerprint in the token')
}

$script:FirstContactSource = @'
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

public sealed class NvgateFirstContact
{
    public string Refusal { get { return ""; } }

    public RemoteCertificateValidationCallback Callback()
    {
        return Check;
    }

    private bool Check(object sender, X509Certificate certificate, X509Chain chain, SslPolicyErrors errors)
    {
        return true;
    }
}
'@

function New-NvgateFolder {
    # For SYSTEM and administrators alone: what is here is run, or believed, by SYSTEM.
    param([string] $Path)
    if (-not (Test-Path -LiteralPath $Path)) {
        [void] (New-Item -ItemType Directory -Path $Path -Force)
    }
    foreach ($arguments in @(@($Path, '/setowner', '*S-1-5-32-544', '/T', '/Q'),
            @($Path, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F', '/Q'))) {
        & icacls.exe @arguments | Out-Null
        if ($LASTEXITCODE -ne 0) {
            throw ('icacls cannot close ' + $Path + ' to others')
        }
    }
}

function Save-NvgateScript {
    # Module and agent, from the manager that has just been recognized.
    param([object] $Certificate, [object] $Trust, [string] $Address)
    foreach ($script in @(@('/v1/module', 'NvgateHost.psm1'), @('/v1/agent', 'NvgateAgent.ps1'))) {
        $answer = Send-NvgateRequest -Method 'GET' -Uri ($Address + $script[0]) -Certificate $Certificate -Trust $Trust
        if ($answer.Status -ne 200) {
            throw ($script[1] + ': the manager answers ' + $answer.Status + ': ' + $answer.Body)
        }
        Save-NvgateText -Path (Join-Path -Path $script:Program -ChildPath $script[1]) -Text $answer.Body
        $version = $answer.ETag.Trim('"')
    }
    return $version
}

function Register-NvgateTask {
    $agent = Join-Path -Path $script:Program -ChildPath 'NvgateAgent.ps1'
    $powershell = Join-Path -Path $env:SystemRoot -ChildPath 'System32\WindowsPowerShell\v1.0\powershell.exe'
    $action = New-ScheduledTaskAction -Execute $powershell -Argument ('-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $agent + '"')
    # Every minute, where the agent is not running: it ends by itself once an hour.
    $triggers = @(
        (New-ScheduledTaskTrigger -AtStartup),
        (New-ScheduledTaskTrigger -Once -At ([System.DateTime]::Now) -RepetitionInterval (New-TimeSpan -Minutes 1) -RepetitionDuration (New-TimeSpan -Days 3650)))
    $principal = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType ServiceAccount -RunLevel Highest
    $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Hours 2) -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    [void] (Register-ScheduledTask -TaskName $script:TaskName -Action $action -Trigger $triggers -Principal $principal -Settings $settings -Description 'Keeps the network virtualization of this host as the nvgate fabric says' -Force)
}

function Add-NvgateIdentity {
    # A key and, by the token, a certificate of the manager's CA; answers the certificate.
    $pin = Get-NvgatePin -Text $Token
    $first = Get-NvgateFirstTrust -Address $Manager[0] -Pin $pin
    $authority = '-----BEGIN CERTIFICATE-----' + [char] 10 + $first + [char] 10 + '-----END CERTIFICATE-----' + [char] 10
    $trust = New-NvgateTrust -Pem $authority
    $key = New-NvgateKey
    $body = ConvertTo-Json -InputObject @{ token = $Token; request = (New-NvgateRequest -Key $key) }
    $given = Assert-NvgateAnswer -Answer (Send-NvgateRequest -Method 'POST' -Uri ($Manager[0] + '/v1/join') -Body $body -Trust $trust) -What 'join'
    $thumbprint = Add-NvgateCertificate -Pem $given.certificates -Key $key
    Save-NvgateText -Path (Join-Path -Path $script:Data -ChildPath 'thumbprint.txt') -Text $thumbprint
    Save-NvgateText -Path (Join-Path -Path $script:Data -ChildPath 'trusted.pem') -Text $given.trusted
    return Get-NvgateCertificate -Thumbprint $thumbprint
}

function Add-NvgateOutsideIdentity {
    # The host has a certificate already; answers it.
    $pem = [System.IO.File]::ReadAllText((Resolve-Path -LiteralPath $TrustedFile).ProviderPath)
    if ((Get-NvgateAuthority -Pem $pem).Count -eq 0) {
        throw ($TrustedFile + ' holds no certificate')
    }
    Save-NvgateText -Path (Join-Path -Path $script:Data -ChildPath 'trusted.pem') -Text $pem
    return Get-NvgateOutsideCertificate -Subject $CertificateSubject
}

function Install-NvgateAgent {
    $outside = $CertificateSubject -ne '' -and $TrustedFile -ne ''
    if ($Manager.Count -eq 0 -or ($Token -eq '') -ne $outside) {
        throw 'a new host needs -Manager, and either -Token or both -CertificateSubject and -TrustedFile'
    }
    New-NvgateFolder -Path $script:Data
    New-NvgateFolder -Path $script:Program
    if ($outside) {
        $certificate = Add-NvgateOutsideIdentity
    } else {
        $certificate = Add-NvgateIdentity
    }
    $trust = New-NvgateTrust -Pem ([System.IO.File]::ReadAllText((Join-Path -Path $script:Data -ChildPath 'trusted.pem')))
    $who = Assert-NvgateAnswer -Answer (Send-NvgateRequest -Method 'GET' -Uri ($Manager[0] + '/v1/host') -Certificate $certificate -Trust $trust) -What 'identity'
    $version = Save-NvgateScript -Certificate $certificate -Trust $trust -Address $Manager[0]
    Save-NvgateConfig -Config @{
        Managers = $Manager
        FabricID = $who.fabric
        HostName = $who.host
        Version = $version
        OutsideSubject = $CertificateSubject
        OwnedOnly = [bool] $OwnedOnly
        SetPort = [bool] $SetPort
        InterfaceAlias = $InterfaceAlias
        DriftSeconds = $DriftSeconds
    }
    if (-not [System.Diagnostics.EventLog]::SourceExists('nvgate')) {
        [System.Diagnostics.EventLog]::CreateEventSource('nvgate', 'Application')
    }
    Register-NvgateTask
    Start-ScheduledTask -TaskName $script:TaskName
    Write-Output -InputObject ('this is ' + $who.host + ' of fabric ' + $who.fabric + '; the agent runs')
}

function Save-NvgateConfig {
    param([object] $Config)
    Save-NvgateText -Path (Join-Path -Path $script:Data -ChildPath 'agent.json') -Text (ConvertTo-Json -InputObject $Config -Depth 3)
}

function Update-NvgateAgent {
    $config = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText((Join-Path -Path $script:Data -ChildPath 'agent.json')))
    $certificate = Get-NvgateOwnCertificate -Config $config -Folder $script:Data
    $trust = New-NvgateTrust -Pem ([System.IO.File]::ReadAllText((Join-Path -Path $script:Data -ChildPath 'trusted.pem'))) -FabricID $config.FabricID
    $config.Version = Save-NvgateScript -Certificate $certificate -Trust $trust -Address @($config.Managers)[0]
    Save-NvgateConfig -Config $config
    Stop-ScheduledTask -TaskName $script:TaskName
    Start-ScheduledTask -TaskName $script:TaskName
    Write-Output -InputObject ('module and agent are version ' + $config.Version)
}

function Uninstall-NvgateAgent {
    if ($null -ne (Get-ScheduledTask -TaskName $script:TaskName -ErrorAction SilentlyContinue)) {
        Stop-ScheduledTask -TaskName $script:TaskName
        Unregister-ScheduledTask -TaskName $script:TaskName -Confirm:$false
    }
    $config = ConvertFrom-Json -InputObject ([System.IO.File]::ReadAllText((Join-Path -Path $script:Data -ChildPath 'agent.json')))
    if ($RemovePolicy) {
        Import-Module -Name (Join-Path -Path $script:Program -ChildPath 'NvgateHost.psm1') -Force
        $head = ConvertTo-Json -InputObject @{ Kind = 'nvgate-host-policy'; Schema = 1; FabricID = $config.FabricID; HostName = $config.HostName; Revision = 0; Lines = 0 } -Compress
        $report = Sync-NvgateHost -Policy (ConvertFrom-NvgatePolicy -Line @($head)) -StatePath (Join-Path -Path $script:Data -ChildPath 'made.json') -OwnedOnly -Confirm:$false
        Write-Output -InputObject ('removed from NetWNV: ' + $report.done + ', refused: ' + @($report.errors).Count)
    }
    if ((Get-NvgateOutsideSubject -Config $config) -eq '') {
        Remove-NvgateCertificate -Thumbprint ([System.IO.File]::ReadAllText((Join-Path -Path $script:Data -ChildPath 'thumbprint.txt')).Trim())
    }
    foreach ($folder in @($script:Program, $script:Data)) {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
    Write-Output -InputObject 'the agent is gone; revoke the identity of this host at the manager'
}

if (-not $PSCmdlet.ShouldProcess($env:COMPUTERNAME, 'change the nvgate agent')) {
    return
}
Initialize-NvgateConnection
if (-not ('NvgateFirstContact' -as [type])) {
    Add-Type -TypeDefinition $script:FirstContactSource
}
if ($Uninstall) {
    Uninstall-NvgateAgent
} elseif ($Update) {
    Update-NvgateAgent
} else {
    Install-NvgateAgent
}
