# The way to the manager: TLS whose CA is pinned, requests, and a certificate of one's own.

$script:TrustSource = @'
using System;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;

public sealed class NvgateTrust
{
    private readonly X509Certificate2Collection authorities;
    private readonly string fabric;

    public string Refusal { get; private set; }

    public NvgateTrust(X509Certificate2Collection authorities, string fabric)
    {
        this.authorities = authorities;
        this.fabric = fabric;
        Refusal = "";
    }

    public RemoteCertificateValidationCallback Callback()
    {
        return Check;
    }

    private bool Check(object sender, X509Certificate certificate, X509Chain chain, SslPolicyErrors errors)
    {
        Refusal = certificate == null ? "the manager shows no certificate" : Objection(new X509Certificate2(certificate), chain, errors);
        return Refusal.Length == 0;
    }

    private string Objection(X509Certificate2 leaf, X509Chain shown, SslPolicyErrors errors)
    {
        X509Chain path = new X509Chain();
        path.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        path.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        path.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        path.ChainPolicy.ExtraStore.AddRange(authorities);
        if (shown != null)
        {
            foreach (X509ChainElement element in shown.ChainElements)
            {
                path.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }
        if (!path.Build(leaf))
        {
            return "the manager's certificate is not good: " + path.ChainStatus[0].StatusInformation.Trim();
        }
        bool pinned = false;
        for (int i = 1; i < path.ChainElements.Count; i++)
        {
            foreach (X509Certificate2 authority in authorities)
            {
                pinned |= path.ChainElements[i].Certificate.Thumbprint == authority.Thumbprint;
            }
        }
        if (!pinned)
        {
            return "the manager's certificate is signed by a CA that this host does not trust";
        }
        bool named = (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
        X509Extension names = leaf.Extensions["2.5.29.17"];
        string text = names == null ? "" : Encoding.ASCII.GetString(names.RawData);
        // The first one is the certificate's: what follows it may be anybody's name.
        Match identity = Regex.Match(text, "nvgate://([^/]+)/([a-z]+)/");
        if (!identity.Success)
        {
            return named ? "" : "the manager's certificate is for another name";
        }
        if (identity.Groups[2].Value != "manager")
        {
            return "whoever answers is no manager but a " + identity.Groups[2].Value;
        }
        bool ours = fabric.Length == 0 || identity.Groups[1].Value == fabric;
        return ours ? "" : "the manager is of another fabric: " + identity.Groups[1].Value;
    }
}
'@

function Initialize-NvgateConnection {
    if (-not ('NvgateTrust' -as [type])) {
        Add-Type -TypeDefinition $script:TrustSource
    }
    # Before Windows Server 2022 there is no TLS 1.3 to choose, and older defaults are too weak.
    if ([System.Environment]::OSVersion.Version.Build -lt 20348) {
        [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.SecurityProtocolType] 3072
    }
}

function Get-NvgateAuthority {
    # Certificates in a PEM text.
    param([string] $Pem)
    $found = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2Collection
    foreach ($match in [System.Text.RegularExpressions.Regex]::Matches($Pem, '-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----')) {
        $der = [System.Convert]::FromBase64String(($match.Groups[1].Value -replace '\s', ''))
        [void] $found.Add((New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $der)))
    }
    return , $found
}

function New-NvgateTrust {
    param([string] $Pem, [string] $FabricID = '')
    return New-Object NvgateTrust((Get-NvgateAuthority -Pem $Pem), $FabricID)
}

function Send-NvgateRequest {
    # One request; answers Status, Body, ETag and Header. Throws if nobody answers, or if it is not the manager who does.
    param(
        [string] $Method,
        [string] $Uri,
        [string] $Body = '',
        [string] $ETag = '',
        [object] $Certificate = $null,
        [object] $Trust,
        [string] $Agent = 'nvgate-installer',
        [int] $TimeoutSeconds = 90
    )
    $request = [System.Net.WebRequest]::Create($Uri)
    $request.Method = $Method
    $request.UserAgent = $Agent
    $request.Proxy = $null
    $request.AllowAutoRedirect = $false
    $request.Timeout = 1000 * $TimeoutSeconds
    $request.ReadWriteTimeout = 1000 * $TimeoutSeconds
    $request.AutomaticDecompression = [System.Net.DecompressionMethods]::GZip
    $request.ServerCertificateValidationCallback = $Trust.Callback()
    if ($null -ne $Certificate) {
        [void] $request.ClientCertificates.Add($Certificate)
    }
    if ($ETag -ne '') {
        $request.Headers.Add('If-None-Match', $ETag)
    }
    try {
        if ($Body -ne '') {
            $bytes = [System.Text.Encoding]::UTF8.GetBytes($Body)
            $request.ContentType = 'application/json'
            $request.ContentLength = $bytes.Length
            $stream = $request.GetRequestStream()
            $stream.Write($bytes, 0, $bytes.Length)
            $stream.Close()
        }
        $response = $request.GetResponse()
    } catch {
        $response = Get-NvgateRefusal -ErrorRecord $_ -Trust $Trust
    }
    try {
        $reader = New-Object System.IO.StreamReader($response.GetResponseStream(), [System.Text.Encoding]::UTF8)
        $text = $reader.ReadToEnd()
        return [pscustomobject] @{
            Status = [int] $response.StatusCode
            Body = $text
            ETag = [string] $response.Headers['ETag']
            Revision = [string] $response.Headers['Nvgate-Revision']
        }
    } finally {
        $response.Close()
    }
}

function Get-NvgateRefusal {
    # The answer behind an error, if there was one: .NET takes 304 and 4xx for errors.
    param([object] $ErrorRecord, [object] $Trust)
    $cause = $ErrorRecord.Exception
    while ($null -ne $cause -and $cause -isnot [System.Net.WebException]) {
        $cause = $cause.InnerException
    }
    if ($null -ne $cause -and $null -ne $cause.Response) {
        return $cause.Response
    }
    if ($Trust.Refusal -ne '') {
        throw $Trust.Refusal
    }
    throw $ErrorRecord
}

function Assert-NvgateAnswer {
    # The answer's JSON, or an exception with what the manager says is wrong.
    param([object] $Answer, [string] $What)
    if ($Answer.Status -ne 200) {
        throw ($What + ': the manager answers ' + $Answer.Status + ': ' + $Answer.Body)
    }
    return ConvertFrom-Json -InputObject $Answer.Body
}

function New-NvgateKey {
    # In the machine's key store, not exportable.
    $parameters = New-Object System.Security.Cryptography.CngKeyCreationParameters
    $parameters.Provider = [System.Security.Cryptography.CngProvider]::MicrosoftSoftwareKeyStorageProvider
    $parameters.KeyCreationOptions = [System.Security.Cryptography.CngKeyCreationOptions]::MachineKey
    $parameters.ExportPolicy = [System.Security.Cryptography.CngExportPolicies]::None
    $length = New-Object System.Security.Cryptography.CngProperty('Length', [System.BitConverter]::GetBytes(3072), [System.Security.Cryptography.CngPropertyOptions]::None)
    $parameters.Parameters.Add($length)
    $name = 'nvgate-' + [Guid]::NewGuid().ToString()
    $key = [System.Security.Cryptography.CngKey]::Create([System.Security.Cryptography.CngAlgorithm]::Rsa, $name, $parameters)
    return New-Object System.Security.Cryptography.RSACng($key)
}

function New-NvgateRequest {
    # A certificate request (PKCS #10) as PEM.
    param([object] $Key)
    $request = New-Object System.Security.Cryptography.X509Certificates.CertificateRequest(
        'CN=nvgate', $Key, [System.Security.Cryptography.HashAlgorithmName]::SHA256, [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $text = [System.Convert]::ToBase64String($request.CreateSigningRequest(), [System.Base64FormattingOptions]::InsertLineBreaks)
    return '-----BEGIN CERTIFICATE REQUEST-----' + [char] 10 + $text + [char] 10 + '-----END CERTIFICATE REQUEST-----' + [char] 10
}

function Add-NvgateCertificate {
    # The first certificate of a PEM text, with its key, into the machine's store; answers its thumbprint.
    param([string] $Pem, [object] $Key)
    $bare = (Get-NvgateAuthority -Pem $Pem)[0]
    $certificate = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::CopyWithPrivateKey($bare, $Key)
    $certificate.FriendlyName = 'nvgate host'
    $store = New-Object System.Security.Cryptography.X509Certificates.X509Store('My', 'LocalMachine')
    $store.Open('ReadWrite')
    try {
        $store.Add($certificate)
    } finally {
        $store.Close()
    }
    return $certificate.Thumbprint
}

function Get-NvgateCertificate {
    param([string] $Thumbprint)
    return Get-Item -LiteralPath ('Cert:\LocalMachine\My\' + $Thumbprint)
}

function Get-NvgateOutsideSubject {
    # Of a host whose certificate comes from an outside CA; empty = from the manager. Settings of older agents do not say.
    param([object] $Config)
    if ($null -eq $Config.PSObject.Properties['OutsideSubject']) {
        return ''
    }
    return [string] $Config.OutsideSubject
}

function Get-NvgateOutsideCertificate {
    # Of all good ones with a key the one that lasts longest: whoever renews it leaves the old one beside it for a while.
    param([string] $Subject)
    $now = [System.DateTime]::Now
    $good = @(Get-ChildItem -LiteralPath 'Cert:\LocalMachine\My' | Where-Object {
            $_.Subject -eq $Subject -and $_.HasPrivateKey -and $_.NotBefore -le $now -and $_.NotAfter -gt $now
        } | Sort-Object -Property 'NotAfter')
    if ($good.Count -eq 0) {
        throw ('Cert:\LocalMachine\My has no certificate of ' + $Subject + ' with a key that is good now')
    }
    return $good[$good.Count - 1]
}

function Get-NvgateOwnCertificate {
    # By what the agent's settings say.
    param([object] $Config, [string] $Folder)
    $subject = Get-NvgateOutsideSubject -Config $Config
    if ($subject -ne '') {
        return Get-NvgateOutsideCertificate -Subject $subject
    }
    return Get-NvgateCertificate -Thumbprint ([System.IO.File]::ReadAllText((Join-Path -Path $Folder -ChildPath 'thumbprint.txt')).Trim())
}

function Remove-NvgateCertificate {
    param([string] $Thumbprint)
    $path = 'Cert:\LocalMachine\My\' + $Thumbprint
    if (Test-Path -LiteralPath $path) {
        Remove-Item -LiteralPath $path -DeleteKey
    }
}

function Save-NvgateText {
    # Written aside and renamed, so that a crash leaves the old file or the new one.
    param([string] $Path, [string] $Text)
    [System.IO.File]::WriteAllText($Path + '.new', $Text)
    Move-Item -LiteralPath ($Path + '.new') -Destination $Path -Force
}
