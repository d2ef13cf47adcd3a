metadata description = 'The control plane: a Flex Consumption plan and its one function app. Nothing is billed while nothing runs.'

param location string
param tags { *: string }
param planName string
param name string
param identityId string
param identityClientId string

param storage { name: string, blob: string, queue: string, table: string }

@description('Blob container that the app\'s package is read from.')
param packageContainer string

@description('Bytes of memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = 2048

@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that always run for orchestrations and activities.')
@minValue(0)
param alwaysReadyInstances int

param telemetryConnection string

@description('Compute profile → the job that runs it, and what it costs, as JSON.')
param computeProfiles string

@description('The application that Entra signs users in for. Empty: callers send the API key.')
param authClientId string

@description('The secret in Key Vault that holds the API key. Empty with Entra.')
param apiKeyUri string

@description('A subnet for what the app reaches out to. Empty: no network of our own.')
param subnetId string

@description('Public IPv4 ranges that reach an isolated app. Ignored otherwise.')
param allowedRanges string[]

var entra = !empty(authClientId)
var isolated = !empty(subnetId)

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: isolated ? subnetId : null
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.blob}${packageContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemory
        maximumInstanceCount: maximumInstances
        // One for the group 'durable' spares workflows the cold start.
        // Source: learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider, "Flex Consumption Plan".
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'durable', instanceCount: alwaysReadyInstances }]
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
      // Deployments sign in with Entra and come from outside the network, so the deployment site stays reachable.
      ipSecurityRestrictionsDefaultAction: isolated ? 'Deny' : 'Allow'
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
      scmIpSecurityRestrictionsUseMain: false
      ipSecurityRestrictions: [
        for (range, i) in isolated ? allowedRanges : []: {
          name: 'allowed-${i}'
          action: 'Allow'
          ipAddress: range
          priority: 100 + i
        }
      ]
    }
  }

  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource settings 'config' = {
    name: 'appsettings'
    properties: appSettings
  }
}

var appSettings { *: string } = union(
  {
    AzureWebJobsStorage__blobServiceUri: storage.blob
    AzureWebJobsStorage__queueServiceUri: storage.queue
    AzureWebJobsStorage__tableServiceUri: storage.table
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnection
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
    AZURE_CLIENT_ID: identityClientId
    TRIOPS_STORAGE: storage.name
    TRIOPS_COMPUTE: 'containerapps'
    TRIOPS_COMPUTE_PROFILES: computeProfiles
    TRIOPS_AUTH: entra ? 'entra' : 'key'
    // Uploads come by the queue; the trigger that polls is for Azurite, and this plan cannot poll.
    'AzureWebJobs.InboxBlob.Disabled': 'true'
    // The API answers at / itself.
    AzureWebJobsDisableHomepage: 'true'
  },
  entra ? {} : { TRIOPS_API_KEY: '@Microsoft.KeyVault(SecretUri=${apiKeyUri})' }
)

resource signIn 'Microsoft.Web/sites/config@2025-03-01' = if (entra) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true, runtimeVersion: '~1' }
    globalValidation: {
      requireAuthentication: true
      // Browsers are sent to the sign-in page; clients send a bearer token.
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      excludedPaths: ['/healthz', '/readyz']
    }
    httpSettings: { requireHttps: true }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: authClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: { allowedAudiences: [authClientId, 'api://${authClientId}'] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
