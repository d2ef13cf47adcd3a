#!/bin/sh
# With Entra: lets the application registration send users back to what was created, and the Azure CLI ask for tokens.
set -eu

[ "$(printf '%s' "${TRIOPS_ENTRA_AUTH:-false}" | tr '[:upper:]' '[:lower:]')" = true ] || exit 0

say() { printf '%s\n' "$*" >&2; }

id=${TRIOPS_AUTH_CLIENT_ID:?}
callback=/.auth/login/aad/callback
if ! command -v az >/dev/null 2>&1; then
  say "WARNING: without the Azure CLI the application registration $id is not completed. Add the redirect URIs"
  say "  ${TRIOPS_URL:?}$callback and ${TRIOPS_INFERENCE_URL:?}$callback"
  say "and the identifier api://$id with a scope 'user_impersonation' in the portal."
  exit 0
fi

az ad app update --id "$id" --identifier-uris "api://$id" --web-redirect-uris "${TRIOPS_URL:?}$callback" "${TRIOPS_INFERENCE_URL:?}$callback" --output none
az ad sp show --id "$id" --output none 2>/dev/null || az ad sp create --id "$id" --output none

# A scope that the Azure CLI (its well-known application id) is allowed to ask for without consent: 'az account get-access-token' is then enough for a bearer token.
cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
scope=$(az ad app show --id "$id" --query "api.oauth2PermissionScopes[?value=='user_impersonation'] | [0].id" --output tsv)
if [ -z "$scope" ]; then
  scope=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
  az ad app update --id "$id" --output none --set "api={\"requestedAccessTokenVersion\":2,\"oauth2PermissionScopes\":[{\"id\":\"$scope\",\"value\":\"user_impersonation\",\"type\":\"User\",\"isEnabled\":true,\"adminConsentDisplayName\":\"Use TriOps\",\"adminConsentDescription\":\"Use TriOps as the signed-in user.\"}]}"
fi
az ad app update --id "$id" --output none --set "api.preAuthorizedApplications=[{\"appId\":\"$cli\",\"delegatedPermissionIds\":[\"$scope\"]}]"
say "Users sign in with the application registration $id."
sh "${0%/*}/../app-roles.sh"
