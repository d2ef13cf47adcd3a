metadata description = 'The inference server: scales with requests, to zero without any.'

param location string
param tags { *: string }

@maxLength(32)
param name string

param environmentId string

@description('"Consumption", or the environment\'s GPU profile.')
param workloadProfile string

param cpu int
param memory string

@minValue(1)
param maxReplicas int

@description('Requests at once that one replica is given before another one starts.')
@minValue(1)
param requestsPerReplica int = 64

@description('The image; a public placeholder until the first deployment.')
param image string

param registryServer string
param identityId string
param identityClientId string
param storageName string
param telemetryConnection string

@description('The application that Entra signs users in for. Empty: callers send the API key.')
param authClientId string

@description('The secret in Key Vault that holds the API key. Empty with Entra.')
param apiKeyUri string

// A deployment changes the image and nothing else, so port and probes are the server's from the first provisioning on.
var port = 8080
var entra = !empty(authClientId)

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'inference' })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    environmentId: environmentId
    workloadProfileName: workloadProfile
    configuration: {
      activeRevisionsMode: 'Single'
      // In an internal environment "external" means the network, not the internet.
      ingress: { external: true, targetPort: port, transport: 'auto', allowInsecure: false }
      registries: [{ server: registryServer, identity: identityId }]
      secrets: entra ? [] : [{ name: 'api-key', keyVaultUrl: apiKeyUri, identity: identityId }]
    }
    template: {
      containers: [
        {
          name: 'inference'
          image: image
          resources: { cpu: cpu, memory: memory }
          env: concat(
            [
              { name: 'TRIOPS_STORAGE', value: storageName }
              { name: 'AZURE_CLIENT_ID', value: identityClientId }
              { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: telemetryConnection }
              { name: 'TRIOPS_AUTH', value: entra ? 'entra' : 'key' }
            ],
            entra ? [] : [{ name: 'TRIOPS_API_KEY', secretRef: 'api-key' }]
          )
          probes: [
            // Five minutes for the first start: a GPU node brings its driver, and the image is large.
            {
              type: 'Startup'
              httpGet: { path: '/healthz', port: port }
              periodSeconds: 5
              failureThreshold: 60
            }
            {
              type: 'Liveness'
              httpGet: { path: '/healthz', port: port }
              periodSeconds: 10
              failureThreshold: 3
            }
            {
              type: 'Readiness'
              httpGet: { path: '/readyz', port: port }
              periodSeconds: 5
              timeoutSeconds: 3
              failureThreshold: 3
            }
          ]
        }
      ]
      terminationGracePeriodSeconds: 60
      scale: {
        minReplicas: 0
        maxReplicas: maxReplicas
        cooldownPeriod: 300
        pollingInterval: 30
        rules: [{ name: 'requests', http: { metadata: { concurrentRequests: string(requestsPerReplica) } } }]
      }
    }
  }
}

resource signIn 'Microsoft.App/containerApps/authConfigs@2026-01-01' = if (entra) {
  parent: app
  name: 'current'
  properties: {
    platform: { enabled: true }
    globalValidation: { unauthenticatedClientAction: 'Return401', excludedPaths: ['/healthz', '/readyz'] }
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
  }
}

output url string = 'https://${app.properties.configuration.ingress.fqdn}'
