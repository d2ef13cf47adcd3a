metadata description = 'Private endpoints of what holds data, images and the key. They are there before anything runs that asks for it.'

param location string
param tags { *: string }

@description('Names begin with it, and end with the token.')
param prefix string
param token string

param subnetId string
param zoneIds { blob: string, queue: string, table: string, sites: string, registry: string, vault: string }
param storageId string
param registryId string

@description('Whether there is a vault.')
param withVault bool
param vaultId string

var always { group: 'blob' | 'queue' | 'table' | 'registry', id: string, zone: string }[] = [
  { group: 'blob', id: storageId, zone: zoneIds.blob }
  { group: 'queue', id: storageId, zone: zoneIds.queue }
  { group: 'table', id: storageId, zone: zoneIds.table }
  { group: 'registry', id: registryId, zone: zoneIds.registry }
]

module endpoint 'private-endpoint.bicep' = [
  for item in always: {
    name: 'endpoint-${item.group}'
    params: {
      location: location
      tags: tags
      name: '${prefix}${item.group}-${token}'
      subnetId: subnetId
      resourceId: item.id
      group: item.group
      zoneId: item.zone
    }
  }
]

module vaultEndpoint 'private-endpoint.bicep' = if (withVault) {
  name: 'endpoint-vault'
  params: {
    location: location
    tags: tags
    name: '${prefix}vault-${token}'
    subnetId: subnetId
    resourceId: vaultId
    group: 'vault'
    zoneId: zoneIds.vault
  }
}
