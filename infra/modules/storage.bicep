metadata description = 'One account for all state. Keys are off; nothing is public; old versions and deleted blobs can be brought back.'

param location string
param tags { *: string }
param name string

@description('Whether only private endpoints, trusted Azure services and the addresses below reach the account.')
param isolated bool

@description('Public IPv4 addresses or ranges that reach an isolated account. Ignored otherwise.')
param allowedAddresses string[]

@description('Days in which a deleted blob or container can be brought back.')
@minValue(7)
@maxValue(365)
param restorableDays int = 14

@description('Days after which an overwritten version of a blob is removed, and blobs that are seldom read move to the cool tier.')
@minValue(7)
param versionDays int = 30

var store = loadJsonContent('../storage.json')
var containerNames = concat(store.containers, [
  store.infrastructureContainers.deployment
  store.infrastructureContainers.deadLetters
])

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    // Isolated means default "Deny", not "Disabled": Event Grid's delivery is a trusted service, and those still come in.
    publicNetworkAccess: 'Enabled'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isolated ? 'Deny' : 'Allow'
      ipRules: [for address in isolated ? allowedAddresses : []: { value: address, action: 'Allow' }]
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: { enabled: true, days: restorableDays }
    containerDeleteRetentionPolicy: { enabled: true, days: restorableDays }
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = [
  for container in containerNames: {
    parent: blobs
    name: container
    properties: { publicAccess: 'None' }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [
  for queue in store.queues: {
    parent: queueService
    name: queue
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [
  for table in store.tables: {
    parent: tableService
    name: table
  }
]

// No rule names the Functions host's own containers; the one for old versions deletes no current blob.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-06-01' = {
  parent: account
  name: 'default'
  dependsOn: [containers]
  properties: {
    policy: {
      rules: [
        {
          name: 'cool-what-is-seldom-read'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['inbox/', 'data/feedback/', 'inference-log/', 'jobs/'] }
            actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: versionDays } } }
          }
        }
        {
          name: 'drop-old-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'] }
            actions: { version: { delete: { daysAfterCreationGreaterThan: versionDays } } }
          }
        }
        {
          name: 'drop-dead-letters'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${store.infrastructureContainers.deadLetters}/'] }
            actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
          }
        }
      ]
    }
  }
}

output id string = account.id
output name string = account.name
output blobEndpoint string = account.properties.primaryEndpoints.blob
output queueEndpoint string = account.properties.primaryEndpoints.queue
output tableEndpoint string = account.properties.primaryEndpoints.table
