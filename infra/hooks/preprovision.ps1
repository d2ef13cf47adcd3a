# Before anything is created: can it be created where it is wanted, and who signs callers in? preprovision.sh says the same elsewhere.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false

function Say([string] $text) { [Console]::Error.WriteLine($text) }
function Stop-Hook([string] $text) { Say "ERROR: $text"; exit 1 }
function Test-Tool([string] $name) { [bool] (Get-Command $name -CommandType Application -ErrorAction Ignore) }
function Get-Setting([string] $name, [string] $default = '') { $value = [Environment]::GetEnvironmentVariable($name); if ($value) { $value } else { $default } }
function Get-Lower([string] $text) { $text.Replace(' ', '').ToLowerInvariant() }
function Set-Kept([string] $name, [string] $value) { & azd env set $name $value | Out-Null }

$gpu = Get-Setting TRIOPS_GPU none
$region = Get-Lower (Get-Setting TRIOPS_GPU_LOCATION (Get-Setting AZURE_LOCATION))
$entra = (Get-Lower (Get-Setting TRIOPS_ENTRA_AUTH false)) -eq 'true'

$workload = $quota = ''
switch -CaseSensitive ($gpu) {
    'none' { }
    'T4' { $workload = 'Consumption-GPU-NC8as-T4'; $quota = 'ManagedEnvironmentConsumptionT4Gpus' }
    'A100' { $workload = 'Consumption-GPU-NC24-A100'; $quota = 'ManagedEnvironmentConsumptionNCA100Gpus' }
    default { Stop-Hook "TRIOPS_GPU is '$gpu'; it may be none, T4 or A100 (azd env set TRIOPS_GPU T4)." }
}

# A missing quota fails late, when the job is created; so it is asked for first.
if ($workload) {
    if (-not $region) { Stop-Hook 'No region is set for the GPU: azd env set TRIOPS_GPU_LOCATION swedencentral' }
    if (-not (Test-Tool az)) {
        Say "WARNING: without the Azure CLI it cannot be checked whether $region has $workload and how much of it you may use."
    }
    else {
        $offered = @(& az containerapp env workload-profile list-supported --location $region --query '[].name' --output tsv)
        if ($LASTEXITCODE) { Stop-Hook "The workload profiles of $region could not be listed. Sign in with 'az login', and check the region's name." }
        if ($offered -notcontains $workload) {
            Stop-Hook "Container Apps has no $workload in $region. Choose another region for the containers, e.g. 'azd env set TRIOPS_GPU_LOCATION swedencentral' (or australiaeast, westus3); everything else stays where it is."
        }
        $left = "$(& az containerapp list-usages --location $region --query "[?name.value=='$quota'] | [0].[limit, currentValue]" --output tsv 2>$null)".Trim()
        if (-not $left) {
            Say "WARNING: the quota '$quota' of $region is not told. If creating the job fails, ask for it in the portal under Quotas."
        }
        else {
            $limit, $used = -split $left | ForEach-Object { [int] [Math]::Truncate([double]::Parse($_, [cultureinfo]::InvariantCulture)) }
            if ($limit -le $used) {
                Stop-Hook "Your quota '$quota' in $region is $limit and $used are in use. Ask for more in the portal (Quotas, Azure Container Apps), or choose another region or GPU."
            }
            Say "GPU: $workload in $region, $used of $limit in use."
        }
    }
}

# Regions are added over time, so Azure is asked; the template's list is the prompt's.
if (Test-Tool az) {
    $homeRegion = Get-Lower (Get-Setting AZURE_LOCATION)
    $offered = @(& az functionapp list-flexconsumption-locations --query '[].name' --output tsv 2>$null | ForEach-Object { Get-Lower $_ } | Where-Object { $_ })
    if ($offered -and $homeRegion -and $offered -notcontains $homeRegion) {
        Stop-Hook "The Flex Consumption plan, which the functions app runs on, is not offered in $homeRegion. Choose another region: azd env set AZURE_LOCATION swedencentral (az functionapp list-flexconsumption-locations lists them)."
    }

    # On free credits the registry refuses to build (TasksOperationsNotAllowed); azd then builds on this machine, if it can.
    $subscription = "https://management.azure.com/subscriptions/$(Get-Setting AZURE_SUBSCRIPTION_ID)?api-version=2022-12-01"
    $offer = "$(& az rest --method GET --url $subscription --query subscriptionPolicies.quotaId --output tsv 2>$null)".Trim()
    if ($offer -match '^(FreeTrial|AzureForStudents)_' -and -not (Test-Tool docker) -and -not (Test-Tool podman)) {
        Say "WARNING: the subscription ($offer) runs on free credits, on which registries refuse to build images (TasksOperationsNotAllowed). Start Docker or Podman on this machine, and azd builds them here instead."
    }
}

if ($entra) {
    if (-not (Get-Setting TRIOPS_AUTH_CLIENT_ID)) {
        if (Get-Setting CI) { Stop-Hook "Users sign in with Entra, and there is no application registration. Make it with 'azd provision' on your own machine, and set the variable TRIOPS_AUTH_CLIENT_ID of the pipeline." }
        if (-not (Test-Tool az)) { Stop-Hook 'Users sign in with Entra, and there is no application registration. Install the Azure CLI so that it can be made, or set one: azd env set TRIOPS_AUTH_CLIENT_ID <application id>' }
        $name = "TriOps $(Get-Setting AZURE_ENV_NAME)"
        $id = "$(& az ad app create --display-name $name --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv)".Trim()
        if ($LASTEXITCODE) { Stop-Hook 'The application registration could not be made; you may not have the right. Ask somebody who has for one, and set it: azd env set TRIOPS_AUTH_CLIENT_ID <application id>' }
        # Kept at once, so that a second run finishes this registration instead of making another.
        Set-Kept TRIOPS_AUTH_CLIENT_ID $id
        Say "Made the application registration $id ($name). It outlives 'azd down'."
    }
}
elseif (-not (Get-Setting TRIOPS_API_KEY)) {
    # A build machine forgets what it made: each deployment would have another key, which nobody knows.
    if (Get-Setting CI) { Stop-Hook 'There is no API key. Set the secret TRIOPS_API_KEY of the pipeline to 16 characters or more, or let Entra sign callers in (TRIOPS_ENTRA_AUTH=true).' }
    Set-Kept TRIOPS_API_KEY ([Convert]::ToHexString([Security.Cryptography.RandomNumberGenerator]::GetBytes(32)).ToLowerInvariant())
    Say 'Made an API key; it is TRIOPS_API_KEY in the azd environment (azd env get-value TRIOPS_API_KEY).'
}

# A budget's first month must stay what it was.
if ((Get-Setting TRIOPS_MONTHLY_BUDGET 0) -ne '0' -and -not (Get-Setting TRIOPS_BUDGET_START)) {
    Set-Kept TRIOPS_BUDGET_START ([DateTime]::UtcNow.ToString('yyyy-MM-01', [cultureinfo]::InvariantCulture))
}

# What runs now keeps running while Azure's resources are brought up to date: without these azd would put the placeholders back until it deploys.
function Save-Image([string] $variable, [string] $service, [string[]] $list) {
    if (Get-Setting $variable) { return }
    # Read here, not by a query: it would need quotes, which a batch file, as az is on Windows, does not get.
    $found = "$(& az containerapp @list --resource-group "rg-$(Get-Setting AZURE_ENV_NAME)" --output json 2>$null)".Trim()
    if (-not $found) { return }
    $image = $found | ConvertFrom-Json -AsHashtable | Where-Object { $_.tags -and $_.tags['azd-service-name'] -eq $service } |
        ForEach-Object { $_.properties.template.containers[0].image } | Select-Object -First 1
    if ($image) { Set-Kept $variable $image }
}

if (Test-Tool az) {
    Save-Image SERVICE_TRAINER_IMAGE_NAME trainer job, list
    Save-Image SERVICE_TRAINER_GPU_IMAGE_NAME trainer-gpu job, list
    Save-Image SERVICE_INFERENCE_IMAGE_NAME inference list
}
exit 0
