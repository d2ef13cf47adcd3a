# With Entra: the application registration offers TriOps' roles, and whoever provisions is given two to begin with. Roles that are there are left alone.
# app-roles.sh says the same elsewhere.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

function Say([string] $text) { [Console]::Error.WriteLine($text) }
function Invoke-Az { & az @args; if ($LASTEXITCODE) { Say "ERROR: 'az $($args[0..2] -join ' ')' ended with $LASTEXITCODE."; exit 1 } }

$id = $env:TRIOPS_AUTH_CLIENT_ID
$roles = Join-Path $PSScriptRoot 'app-roles.json'

$offered = "$(Invoke-Az ad app show --id $id --query 'length(appRoles)' --output tsv)".Trim()
if ($offered -and $offered -ne '0') { exit 0 }
Invoke-Az ad app update --id $id --app-roles "@$roles" --output none

$app = "$(Invoke-Az ad sp show --id $id --query id --output tsv)".Trim()
$me = "$(& az ad signed-in-user show --query id --output tsv 2>$null)".Trim()
if (-not $me -or -not $app) {
    Say 'Nobody has a role yet, and without one nobody may do anything: assign them under Enterprise applications (docs/azure.md, Who may do what).'
    exit 0
}
foreach ($role in 'contributor', 'approver') {
    $given = "$(Invoke-Az ad app show --id $id --query "appRoles[?value=='$role'] | [0].id" --output tsv)".Trim()
    # In a file: az is a batch file on Windows, which takes quotes out of its arguments.
    $body = New-TemporaryFile
    try {
        Set-Content -Path $body -Value ([ordered] @{ principalId = $me; resourceId = $app; appRoleId = $given } | ConvertTo-Json -Compress)
        Invoke-Az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/$app/appRoleAssignedTo" --headers Content-Type=application/json --body "@$body" --output none
    }
    finally { Remove-Item $body }
}
Say 'You are contributor and approver of TriOps. Others get their roles under Enterprise applications (docs/azure.md, Who may do what).'
exit 0
