#!/bin/sh
# Before anything is created: can it be created where it is wanted, and who signs callers in? preprovision.ps1 says the same on Windows.
set -eu

say() { printf '%s\n' "$*" >&2; }
stop() { say "ERROR: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
lower() { printf '%s' "$1" | tr -d ' ' | tr '[:upper:]' '[:lower:]'; }

gpu=${TRIOPS_GPU:-none}
region=$(lower "${TRIOPS_GPU_LOCATION:-${AZURE_LOCATION:-}}")
entra=$(lower "${TRIOPS_ENTRA_AUTH:-false}")

case $gpu in
  none) profile= ;;
  T4) profile=Consumption-GPU-NC8as-T4 quota=ManagedEnvironmentConsumptionT4Gpus ;;
  A100) profile=Consumption-GPU-NC24-A100 quota=ManagedEnvironmentConsumptionNCA100Gpus ;;
  *) stop "TRIOPS_GPU is '$gpu'; it may be none, T4 or A100 (azd env set TRIOPS_GPU T4)." ;;
esac

# A missing quota fails late, when the job is created; so it is asked for first.
if [ -n "$profile" ]; then
  [ -n "$region" ] || stop "No region is set for the GPU: azd env set TRIOPS_GPU_LOCATION swedencentral"
  if ! have az; then
    say "WARNING: without the Azure CLI it cannot be checked whether $region has $profile and how much of it you may use."
  else
    offered=$(az containerapp env workload-profile list-supported --location "$region" --query "[].name" --output tsv) \
      || stop "The workload profiles of $region could not be listed. Sign in with 'az login', and check the region's name."
    printf '%s\n' "$offered" | grep -qx "$profile" \
      || stop "Container Apps has no $profile in $region. Choose another region for the containers, e.g. 'azd env set TRIOPS_GPU_LOCATION swedencentral' (or australiaeast, westus3); everything else stays where it is."
    left=$(az containerapp list-usages --location "$region" --query "[?name.value=='$quota'] | [0].[limit, currentValue]" --output tsv 2>/dev/null || true)
    limit=$(printf '%s' "$left" | awk '{ print int($1) }')
    used=$(printf '%s' "$left" | awk '{ print int($2) }')
    if [ -z "$limit" ]; then
      say "WARNING: the quota '$quota' of $region is not told. If creating the job fails, ask for it in the portal under Quotas."
    elif [ "$limit" -le "$used" ]; then
      stop "Your quota '$quota' in $region is $limit and $used are in use. Ask for more in the portal (Quotas, Azure Container Apps), or choose another region or GPU."
    else
      say "GPU: $profile in $region, $used of $limit in use."
    fi
  fi
fi

# Regions are added over time, so Azure is asked; the template's list is the prompt's.
if have az; then
  home=$(lower "${AZURE_LOCATION:-}")
  offered=$(az functionapp list-flexconsumption-locations --query "[].name" --output tsv 2>/dev/null | tr -d ' \r' | tr '[:upper:]' '[:lower:]' || true)
  if [ -n "$offered" ] && [ -n "$home" ] && ! printf '%s\n' "$offered" | grep -qx "$home"; then
    stop "The Flex Consumption plan, which the functions app runs on, is not offered in $home. Choose another region: azd env set AZURE_LOCATION swedencentral (az functionapp list-flexconsumption-locations lists them)."
  fi

  # On free credits the registry refuses to build (TasksOperationsNotAllowed); azd then builds on this machine, if it can.
  offer=$(az rest --method GET --url "https://management.azure.com/subscriptions/${AZURE_SUBSCRIPTION_ID:-}?api-version=2022-12-01" --query subscriptionPolicies.quotaId --output tsv 2>/dev/null || true)
  case $offer in
    FreeTrial_* | AzureForStudents_*)
      have docker || have podman \
        || say "WARNING: the subscription ($offer) runs on free credits, on which registries refuse to build images (TasksOperationsNotAllowed). Start Docker or Podman on this machine, and azd builds them here instead."
      ;;
  esac
fi

if [ "$entra" = true ]; then
  if [ -z "${TRIOPS_AUTH_CLIENT_ID:-}" ]; then
    [ -z "${CI:-}" ] || stop "Users sign in with Entra, and there is no application registration. Make it with 'azd provision' on your own machine, and set the variable TRIOPS_AUTH_CLIENT_ID of the pipeline."
    have az || stop "Users sign in with Entra, and there is no application registration. Install the Azure CLI so that it can be made, or set one: azd env set TRIOPS_AUTH_CLIENT_ID <application id>"
    id=$(az ad app create --display-name "TriOps ${AZURE_ENV_NAME:-}" --sign-in-audience AzureADMyOrg --enable-id-token-issuance true --query appId --output tsv) \
      || stop "The application registration could not be made; you may not have the right. Ask somebody who has for one, and set it: azd env set TRIOPS_AUTH_CLIENT_ID <application id>"
    # Kept at once, so that a second run finishes this registration instead of making another.
    azd env set TRIOPS_AUTH_CLIENT_ID "$id" >/dev/null
    say "Made the application registration $id (TriOps ${AZURE_ENV_NAME:-}). It outlives 'azd down'."
  fi
elif [ -z "${TRIOPS_API_KEY:-}" ]; then
  # A build machine forgets what it made: each deployment would have another key, which nobody knows.
  [ -z "${CI:-}" ] || stop "There is no API key. Set the secret TRIOPS_API_KEY of the pipeline to 16 characters or more, or let Entra sign callers in (TRIOPS_ENTRA_AUTH=true)."
  key=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
  [ "${#key}" -eq 64 ] || stop "No random key could be made from /dev/urandom."
  azd env set TRIOPS_API_KEY "$key" >/dev/null
  say "Made an API key; it is TRIOPS_API_KEY in the azd environment (azd env get-value TRIOPS_API_KEY)."
fi

# A budget's first month must stay what it was.
if [ "${TRIOPS_MONTHLY_BUDGET:-0}" != 0 ] && [ -z "${TRIOPS_BUDGET_START:-}" ]; then
  azd env set TRIOPS_BUDGET_START "$(date -u +%Y-%m-01)" >/dev/null
fi

# What runs now keeps running while Azure's resources are brought up to date: without these azd would put the placeholders back until it deploys.
keep() { # variable, its value, service, how az lists what the service runs as
  variable=$1 value=$2 service=$3
  shift 3
  [ -z "$value" ] || return 0
  image=$(az containerapp "$@" --resource-group "rg-${AZURE_ENV_NAME:-}" --query "[?tags.\"azd-service-name\"=='$service'].properties.template.containers[0].image | [0]" --output tsv 2>/dev/null || true)
  [ -z "$image" ] || azd env set "$variable" "$image" >/dev/null
}

if have az; then
  keep SERVICE_TRAINER_IMAGE_NAME "${SERVICE_TRAINER_IMAGE_NAME:-}" trainer job list
  keep SERVICE_TRAINER_GPU_IMAGE_NAME "${SERVICE_TRAINER_GPU_IMAGE_NAME:-}" trainer-gpu job list
  keep SERVICE_INFERENCE_IMAGE_NAME "${SERVICE_INFERENCE_IMAGE_NAME:-}" inference list
fi
