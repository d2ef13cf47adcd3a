metadata description = 'The topic of what happens in the storage account.'

param location string
param tags { *: string }
param topicName string
param storageId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: topicName
  location: location
  tags: tags
  // Its own identity, not one of ours: behind a firewall an account takes events from a system-assigned one only, as a trusted service.
  // Source: learn.microsoft.com/azure/event-grid/handler-storage-queues, "You can't use user-assigned managed identity".
  identity: { type: 'SystemAssigned' }
  properties: { source: storageId, topicType: 'Microsoft.Storage.StorageAccounts' }
}

output topicId string = topic.id
output principalId string = topic.identity.principalId
