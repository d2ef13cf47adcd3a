metadata description = 'Uploads become messages: Event Grid puts each blob made in the inbox on a storage queue, signed in as itself.'

param location string
param tags { *: string }
param topicName string
param storageName string

@description('The topic\'s identity. It may send to the queue and write dead letters.')
param identityId string

var store = loadJsonContent('../storage.json')
var inbox = 'inbox'
var queue = 'inbox-events'

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: storageName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: { source: account.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource uploads 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'uploads'
  properties: {
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      // Without '/blobs/' at the end another container whose name begins alike would match too.
      subjectBeginsWith: '/blobServices/default/containers/${inbox}/blobs/'
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
    deliveryWithResourceIdentity: {
      identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
      destination: {
        endpointType: 'StorageQueue'
        properties: { resourceId: account.id, queueName: queue, queueMessageTimeToLiveInSeconds: 604800 }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'UserAssigned', userAssignedIdentity: identityId }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: { resourceId: account.id, blobContainerName: store.infrastructureContainers.deadLetters }
      }
    }
  }
}

output topicId string = topic.id
