#!/bin/sh
# With Entra: the application registration offers TriOps' roles, and whoever provisions is given two to begin with. Roles that are there are left alone.
set -eu

say() { printf '%s\n' "$*" >&2; }

id=${TRIOPS_AUTH_CLIENT_ID:?}
roles=${0%/*}/app-roles.json

offered=$(az ad app show --id "$id" --query "length(appRoles)" --output tsv)
[ "${offered:-0}" = 0 ] || exit 0
az ad app update --id "$id" --app-roles "@$roles" --output none

app=$(az ad sp show --id "$id" --query id --output tsv)
me=$(az ad signed-in-user show --query id --output tsv 2>/dev/null || true)
if [ -z "$me" ] || [ -z "$app" ]; then
  say "Nobody has a role yet, and without one nobody may do anything: assign them under Enterprise applications (docs/azure.md, Who may do what)."
  exit 0
fi
for role in contributor approver; do
  given=$(az ad app show --id "$id" --query "appRoles[?value=='$role'] | [0].id" --output tsv)
  az rest --method POST --url "https://graph.microsoft.com/v1.0/servicePrincipals/$app/appRoleAssignedTo" --output none \
    --body "{\"principalId\":\"$me\",\"resourceId\":\"$app\",\"appRoleId\":\"$given\"}"
done
say "You are contributor and approver of TriOps. Others get their roles under Enterprise applications (docs/azure.md, Who may do what)."
