#include NvgateCompare.ps1
#include NvgateHost.ps1

Export-ModuleMember -Function @(
    'ConvertFrom-NvgatePolicy', 'Get-NvgateHostState', 'Compare-NvgateState', 'Get-NvgateStep', 'Get-NvgateDrift', 'Sync-NvgateHost')
