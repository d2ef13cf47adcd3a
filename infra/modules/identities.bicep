metadata description = 'One identity per process. Nobody signs in with a key. Event Grid\'s topic has its own, which Azure makes with it.'

param location string
param tags { *: string }

@description('Names by process.')
param names { functions: string, trainer: string, inference: string }

resource functions 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.functions
  location: location
  tags: tags
}

resource trainer 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.trainer
  location: location
  tags: tags
}

resource inference 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.inference
  location: location
  tags: tags
}

output functions identity = {
  id: functions.id
  principalId: functions.properties.principalId
  clientId: functions.properties.clientId
}

output trainer identity = {
  id: trainer.id
  principalId: trainer.properties.principalId
  clientId: trainer.properties.clientId
}

output inference identity = {
  id: inference.id
  principalId: inference.properties.principalId
  clientId: inference.properties.clientId
}

@export()
@description('A user-assigned identity: its resource, the principal that roles are given to, and the client id that a process signs in with.')
type identity = {
  id: string
  principalId: string
  clientId: string
}

@export()
@description('Whom a role is given to. Assignments are named after the process, not the principal, so that they are known before a deployment.')
type principal = {
  process: 'functions' | 'trainer' | 'inference'
  id: string
}
