metadata description = 'Who may do what with the storage account. The functions app owns the state; every other process gets the containers, queues and tables it names.'

param accountName string
param functionsPrincipalId string
param trainerPrincipalId string
param inferencePrincipalId string
param topicPrincipalId string

@description('Whoever deploys: may upload to the inbox. Empty: nobody.')
param uploaderPrincipalId string

@allowed(['User', 'Group', 'ServicePrincipal'])
param uploaderPrincipalType string

var roles = loadJsonContent('../roles.json')
var store = loadJsonContent('../storage.json')

var principals = {
  trainer: { id: trainerPrincipalId, type: 'ServicePrincipal' }
  inference: { id: inferencePrincipalId, type: 'ServicePrincipal' }
  topic: { id: topicPrincipalId, type: 'ServicePrincipal' }
  uploader: { id: uploaderPrincipalId, type: uploaderPrincipalType }
}

// The host keeps its own containers, Durable's history and its leases there, and links for uploads are signed with the owner's rights.
var accountWide = [
  roles.storageBlobDataOwner
  roles.storageQueueDataContributor
  roles.storageTableDataContributor
]

var containerAccess grant[] = concat(
  [
    // The trainer reads rows, and writes models, its checkpoints and its end.
    { on: 'data', process: 'trainer', role: roles.storageBlobDataReader }
    { on: 'models', process: 'trainer', role: roles.storageBlobDataContributor }
    { on: 'jobs', process: 'trainer', role: roles.storageBlobDataContributor }
    // The inference server reads models and rows too large for a table, and writes what was asked and answered.
    { on: 'data', process: 'inference', role: roles.storageBlobDataReader }
    { on: 'models', process: 'inference', role: roles.storageBlobDataReader }
    { on: 'inference-log', process: 'inference', role: roles.storageBlobDataContributor }
    { on: store.infrastructureContainers.deadLetters, process: 'topic', role: roles.storageBlobDataContributor }
  ],
  empty(uploaderPrincipalId) ? [] : [{ on: 'inbox', process: 'uploader', role: roles.storageBlobDataContributor }]
)

var queueAccess grant[] = [
  { on: 'job-events', process: 'trainer', role: roles.storageQueueDataMessageSender }
  { on: 'inbox-events', process: 'topic', role: roles.storageQueueDataMessageSender }
]

var tableAccess grant[] = [
  { on: 'Metrics', process: 'trainer', role: roles.storageTableDataContributor }
  // The first table of all is asked whether tables answer.
  { on: 'Projects', process: 'inference', role: roles.storageTableDataReader }
  { on: 'Deployments', process: 'inference', role: roles.storageTableDataReader }
  { on: 'ModelVersions', process: 'inference', role: roles.storageTableDataReader }
  // A repeated command is known by its key.
  { on: 'Idempotency', process: 'inference', role: roles.storageTableDataContributor }
]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource containers 'containers' existing = [for grant in containerAccess: { name: grant.on }]
  }

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource queues 'queues' existing = [for grant in queueAccess: { name: grant.on }]
  }

  resource tableService 'tableServices' existing = {
    name: 'default'

    resource tables 'tables' existing = [for grant in tableAccess: { name: grant.on }]
  }
}

resource onAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in accountWide: {
    name: guid(account.id, 'functions', role)
    scope: account
    properties: {
      principalId: functionsPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource onContainers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in containerAccess: {
    name: guid(
      account::blobs::containers[i].id,
      grant.process == 'uploader' ? uploaderPrincipalId : grant.process,
      grant.role
    )
    scope: account::blobs::containers[i]
    properties: {
      principalId: principals[grant.process].id
      principalType: principals[grant.process].type
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

resource onQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in queueAccess: {
    name: guid(account::queueService::queues[i].id, grant.process, grant.role)
    scope: account::queueService::queues[i]
    properties: {
      principalId: principals[grant.process].id
      principalType: principals[grant.process].type
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

resource onTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (grant, i) in tableAccess: {
    name: guid(account::tableService::tables[i].id, grant.process, grant.role)
    scope: account::tableService::tables[i]
    properties: {
      principalId: principals[grant.process].id
      principalType: principals[grant.process].type
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
    }
  }
]

@description('Who gets which role on which container, queue or table.')
type grant = {
  on: string
  process: 'trainer' | 'inference' | 'topic' | 'uploader'
  role: string
}
