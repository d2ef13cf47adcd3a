# First steps in what was deployed. Prints no secret. postdeploy.sh says the same elsewhere.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Get-Needed([string] $name) {
    $value = [Environment]::GetEnvironmentVariable($name)
    if (-not $value) { [Console]::Error.WriteLine("ERROR: $name is not set; azd sets it when it provisions."); exit 1 }
    $value
}

$url = Get-Needed TRIOPS_URL
$account = Get-Needed TRIOPS_STORAGE_ACCOUNT
Write-Output @"

TriOps is deployed.
  pages and API     $url
  inference server  $(Get-Needed TRIOPS_INFERENCE_URL)
  storage account   $account

"@

if ("$env:TRIOPS_ENTRA_AUTH".ToLowerInvariant() -eq 'true') {
    Write-Output @"
Sign in: open the pages in a browser. For the command line:
  `$env:TRIOPS_API_KEY = az account get-access-token --resource api://$(Get-Needed TRIOPS_AUTH_CLIENT_ID) --query accessToken --output tsv
"@
}
else {
    Write-Output @'
The API key, for the command line:
  $env:TRIOPS_API_KEY = azd env get-value TRIOPS_API_KEY
'@
}

Write-Output @"

Then:
  triops doctor --url $url
  triops data push customers.csv --url $url --wait

Or upload with any blob client; an upload starts the pipelines that listen to its data set:
  az storage blob upload --auth-mode login --account-name $account --container-name inbox ``
    --name my-project/customers/customers.csv --file customers.csv

Take it all down again with 'azd down'.
"@
exit 0
