metadata description = 'The container images of the trainer and the inference server.'

import { principal } from 'identities.bicep'

param location string
param tags { *: string }

@minLength(5)
@maxLength(50)
param name string

@description('Whether pulls go through a private endpoint. That needs the Premium tier.')
param isolated bool

@description('Who pulls images.')
param pullers principal[]

var roles = loadJsonContent('../roles.json')

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: isolated ? 'Premium' : 'Basic' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    // Images are pushed, and built, from outside the network, by whoever signs in; they hold no user data.
    publicNetworkAccess: 'Enabled'
  }
}

resource pullerRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for puller in pullers: {
    name: guid(registry.id, puller.process, roles.acrPull)
    scope: registry
    properties: {
      principalId: puller.id
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.acrPull)
    }
  }
]

output id string = registry.id
output loginServer string = registry.properties.loginServer
