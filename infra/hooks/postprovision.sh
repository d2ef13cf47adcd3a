#!/bin/sh
# After everything is created: waits until the roles act, and with Entra completes the application registration. postprovision.ps1 says the same on Windows.
set -eu

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# "It can take up to 10 minutes for changes to take effect" (learn.microsoft.com/azure/role-based-access-control/troubleshooting). Deployed before that, the app
# may not read its own package, and containers not pull their images.
spread=600

since() { # seconds that have passed since a time in UTC, as az writes it
  printf '%s %s\n' "$1" "$(date -u +%s)" | awk '{
    split($1, t, /[-T:.+Z]/)
    early = t[2] < 3; y = t[1] - early; m = t[2] + (early ? 12 : 0)
    days = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + t[3] - 719469
    print $2 - (days * 86400 + t[4] * 3600 + t[5] * 60 + int(t[6]))
  }'
}

left=0
if have az; then
  scope="/resourceGroups/${AZURE_RESOURCE_GROUP:?}/providers"
  newest=$(az role assignment list --all --query "sort([?contains(scope, '$scope/Microsoft.Storage/') || contains(scope, '$scope/Microsoft.ContainerRegistry/')].createdOn) | [-1]" --output tsv 2>/dev/null || true)
  case $newest in
    [0-9]*-*-*T*) left=$((spread - $(since "$newest"))) ;;
    *) say "WARNING: it is not told how old the roles are. If deploying is refused (403), they do not act yet: wait ten minutes." ;;
  esac
elif [ -z "${SERVICE_TRAINER_IMAGE_NAME:-}" ]; then
  left=$spread # Nothing was deployed yet, so the roles may be new.
fi
[ "$left" -le "$spread" ] || left=$spread # This machine's clock is behind.
if [ "$left" -gt 0 ]; then
  say "The roles are new; waiting $left seconds until they act everywhere."
  sleep "$left"
fi

[ "$(printf '%s' "${TRIOPS_ENTRA_AUTH:-false}" | tr '[:upper:]' '[:lower:]')" = true ] || exit 0

id=${TRIOPS_AUTH_CLIENT_ID:?}
callback=/.auth/login/aad/callback
if [ -n "${CI:-}" ]; then
  say "The application registration $id is left as it is: a pipeline may not change it. Whoever made it completes it once, with 'azd hooks run postprovision' on their own machine."
  exit 0
fi
if ! have az; then
  say "WARNING: without the Azure CLI the application registration $id is not completed. Add the redirect URIs"
  say "  ${TRIOPS_URL:?}$callback and ${TRIOPS_INFERENCE_URL:?}$callback"
  say "and the identifier api://$id with a scope 'user_impersonation' in the portal."
  exit 0
fi

# What a registration of your own has already stays: these lists are replaced as a whole, so they are read first.
uris=$(az ad app show --id "$id" --query "identifierUris[?@!='api://$id']" --output tsv | tr '\r' ' ')
redirects=$(az ad app show --id "$id" --query "web.redirectUris[?@!='${TRIOPS_URL:?}$callback' && @!='${TRIOPS_INFERENCE_URL:?}$callback']" --output tsv | tr '\r' ' ')
# shellcheck disable=SC2086 # One word a URI.
az ad app update --id "$id" --identifier-uris "api://$id" $uris --web-redirect-uris "$TRIOPS_URL$callback" "$TRIOPS_INFERENCE_URL$callback" $redirects --output none
az ad sp show --id "$id" --output none 2>/dev/null || az ad sp create --id "$id" --output none

# 'az ad app update --set' knows no property inside another one (Azure/azure-cli, issue 23443), so Microsoft Graph is asked itself.
object=$(az ad app show --id "$id" --query id --output tsv)
patch() { az rest --method PATCH --url "https://graph.microsoft.com/v1.0/applications/$object" --headers Content-Type=application/json --body "$1" --output none; }
others() { # a JSON list of those that are there, with a comma behind if there are any
  printf '%s' "$(az ad app show --id "$id" --query "$1" --output json | tr -d '\r\n' | sed 's/^ *\[ *//; s/ *\] *$//; s/\([^ ]\)$/\1,/')"
}

# A scope that the Azure CLI (its well-known application id) is allowed to ask for without consent: 'az account get-access-token' is then enough for a bearer token.
# In two requests: a scope made in the same one is not known yet.
cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46
scope=$(az ad app show --id "$id" --query "api.oauth2PermissionScopes[?value=='user_impersonation'] | [0].id" --output tsv)
if [ -z "$scope" ]; then
  scope=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
  patch "{\"api\":{\"requestedAccessTokenVersion\":2,\"oauth2PermissionScopes\":[$(others "api.oauth2PermissionScopes[]"){\"id\":\"$scope\",\"value\":\"user_impersonation\",\"type\":\"User\",\"isEnabled\":true,\"adminConsentDisplayName\":\"Use TriOps\",\"adminConsentDescription\":\"Use TriOps as the signed-in user.\"}]}}"
fi
patch "{\"api\":{\"preAuthorizedApplications\":[$(others "api.preAuthorizedApplications[?appId!='$cli']"){\"appId\":\"$cli\",\"delegatedPermissionIds\":[\"$scope\"]}]}}"
say "Users sign in with the application registration $id."
sh "${0%/*}/../app-roles.sh"
