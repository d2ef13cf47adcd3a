#!/bin/sh
# First steps in what was deployed. Prints no secret. postdeploy.ps1 says the same on Windows.
set -eu

url=${TRIOPS_URL:?}
account=${TRIOPS_STORAGE_ACCOUNT:?}

cat <<EOF

TriOps is deployed.
  pages and API     $url
  inference server  ${TRIOPS_INFERENCE_URL:?}
  storage account   $account

EOF

if [ "$(printf '%s' "${TRIOPS_ENTRA_AUTH:-false}" | tr '[:upper:]' '[:lower:]')" = true ]; then
  cat <<EOF
Sign in: open the pages in a browser. For the command line:
  export TRIOPS_API_KEY=\$(az account get-access-token --resource api://${TRIOPS_AUTH_CLIENT_ID:?} --query accessToken --output tsv)
EOF
else
  cat <<'EOF'
The API key, for the command line:
  export TRIOPS_API_KEY=$(azd env get-value TRIOPS_API_KEY)
EOF
fi

cat <<EOF

Then:
  triops doctor --url $url
  triops data push customers.csv --url $url --wait

Or upload with any blob client; an upload starts the pipelines that listen to its data set:
  az storage blob upload --auth-mode login --account-name $account --container-name inbox \\
    --name my-project/customers/customers.csv --file customers.csv

Take it all down again with 'azd down'.
EOF
