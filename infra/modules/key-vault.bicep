metadata description = 'Holds the API key. There is no vault where Entra signs users in.'

import { principal } from 'identities.bicep'

param location string
param tags { *: string }

@minLength(3)
@maxLength(24)
param name string

@description('Whether only private endpoints and trusted Azure services reach the vault.')
param isolated bool

@secure()
@minLength(16)
@description('The key that callers of the API send.')
param apiKey string

@description('Who reads the key.')
param readers principal[]

var roles = loadJsonContent('../roles.json')

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    networkAcls: { bypass: 'AzureServices', defaultAction: isolated ? 'Deny' : 'Allow' }
  }
}

resource secret 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'api-key'
  properties: { value: apiKey, contentType: 'text/plain' }
}

resource readerRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for reader in readers: {
    name: guid(vault.id, reader.process, roles.keyVaultSecretsUser)
    scope: vault
    properties: {
      principalId: reader.id
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.keyVaultSecretsUser)
    }
  }
]

output id string = vault.id

@description('Where the key is, not the key.')
#disable-next-line outputs-should-not-contain-secrets // The address of a secret, which only its readers can open.
output apiKeyUri string = secret.properties.secretUri
