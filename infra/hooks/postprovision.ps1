# After everything is created: waits until the roles act, and with Entra completes the application registration. postprovision.sh says the same elsewhere.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

function Say([string] $text) { [Console]::Error.WriteLine($text) }
function Test-Tool([string] $name) { [bool] (Get-Command $name -CommandType Application -ErrorAction Ignore) }
function Get-Setting([string] $name, [string] $default = '') { $value = [Environment]::GetEnvironmentVariable($name); if ($value) { $value } else { $default } }
function Get-Needed([string] $name) { $value = Get-Setting $name; if (-not $value) { Say "ERROR: $name is not set; azd sets it when it provisions."; exit 1 }; $value }
function Invoke-Az { & az @args; if ($LASTEXITCODE) { Say "ERROR: 'az $($args[0..2] -join ' ')' ended with $LASTEXITCODE."; exit 1 } }

# "It can take up to 10 minutes for changes to take effect" (learn.microsoft.com/azure/role-based-access-control/troubleshooting). Deployed before that, the app
# may not read its own package, and containers not pull their images.
$spread = 600
$left = 0
if (Test-Tool az) {
    $scope = "/resourceGroups/$(Get-Needed AZURE_RESOURCE_GROUP)/providers"
    $query = "sort([?contains(scope, '$scope/Microsoft.Storage/') || contains(scope, '$scope/Microsoft.ContainerRegistry/')].createdOn) | [-1]"
    $newest = "$(& az role assignment list --all --query $query --output tsv 2>$null)".Trim()
    if ($newest -match '^\d+-\d+-\d+T') {
        $made = [DateTimeOffset]::Parse($newest, [cultureinfo]::InvariantCulture, [Globalization.DateTimeStyles]::AssumeUniversal)
        $left = $spread - [int] [Math]::Floor(([DateTimeOffset]::UtcNow - $made).TotalSeconds)
    }
    else {
        Say 'WARNING: it is not told how old the roles are. If deploying is refused (403), they do not act yet: wait ten minutes.'
    }
}
elseif (-not (Get-Setting SERVICE_TRAINER_IMAGE_NAME)) {
    $left = $spread # Nothing was deployed yet, so the roles may be new.
}
$left = [Math]::Min($left, $spread) # This machine's clock may be behind.
if ($left -gt 0) {
    Say "The roles are new; waiting $left seconds until they act everywhere."
    Start-Sleep -Seconds $left
}

if ((Get-Setting TRIOPS_ENTRA_AUTH false).ToLowerInvariant() -ne 'true') { exit 0 }

$id = Get-Needed TRIOPS_AUTH_CLIENT_ID
$callback = '/.auth/login/aad/callback'
if (Get-Setting CI) {
    Say "The application registration $id is left as it is: a pipeline may not change it. Whoever made it completes it once, with 'azd hooks run postprovision' on their own machine."
    exit 0
}
$own = @("$(Get-Needed TRIOPS_URL)$callback", "$(Get-Needed TRIOPS_INFERENCE_URL)$callback")
if (-not (Test-Tool az)) {
    Say "WARNING: without the Azure CLI the application registration $id is not completed. Add the redirect URIs"
    Say "  $($own[0]) and $($own[1])"
    Say "and the identifier api://$id with a scope 'user_impersonation' in the portal."
    exit 0
}

# What a registration of your own has already stays: these lists are replaced as a whole, so they are read first.
$uris = @(Invoke-Az ad app show --id $id --query "identifierUris[?@!='api://$id']" --output tsv | Where-Object { $_ })
$redirects = @(Invoke-Az ad app show --id $id --query "web.redirectUris[?@!='$($own[0])' && @!='$($own[1])']" --output tsv | Where-Object { $_ })
Invoke-Az ad app update --id $id --identifier-uris "api://$id" @uris --web-redirect-uris @own @redirects --output none
& az ad sp show --id $id --output none 2>$null
if ($LASTEXITCODE) { Invoke-Az ad sp create --id $id --output none }

# 'az ad app update --set' knows no property inside another one (Azure/azure-cli, issue 23443), so Microsoft Graph is asked itself.
$object = "$(Invoke-Az ad app show --id $id --query id --output tsv)".Trim()
function Update-Registration([hashtable] $api) {
    # In a file: az is a batch file on Windows, which takes quotes out of its arguments.
    $body = New-TemporaryFile
    try {
        Set-Content -Path $body -Value (@{ api = $api } | ConvertTo-Json -Depth 10 -Compress)
        Invoke-Az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object" --headers Content-Type=application/json --body "@$body" --output none
    }
    finally { Remove-Item $body }
}
function Get-Others([string] $query) { $json = "$(Invoke-Az ad app show --id $id --query $query --output json)"; if ($json.Trim()) { $json | ConvertFrom-Json } }

# A scope that the Azure CLI (its well-known application id) is allowed to ask for without consent: 'az account get-access-token' is then enough for a bearer token.
# In two requests: a scope made in the same one is not known yet.
$cli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
$scope = "$(Invoke-Az ad app show --id $id --query "api.oauth2PermissionScopes[?value=='user_impersonation'] | [0].id" --output tsv)".Trim()
if (-not $scope) {
    $scope = [guid]::NewGuid().ToString()
    $new = @{
        id = $scope; value = 'user_impersonation'; type = 'User'; isEnabled = $true
        adminConsentDisplayName = 'Use TriOps'; adminConsentDescription = 'Use TriOps as the signed-in user.'
    }
    Update-Registration @{ requestedAccessTokenVersion = 2; oauth2PermissionScopes = @(Get-Others 'api.oauth2PermissionScopes[]') + $new }
}
$new = @{ appId = $cli; delegatedPermissionIds = @($scope) }
Update-Registration @{ preAuthorizedApplications = @(Get-Others "api.preAuthorizedApplications[?appId!='$cli']") + $new }
Say "Users sign in with the application registration $id."
& (Join-Path $PSScriptRoot '..' 'app-roles.ps1')
exit $LASTEXITCODE
