metadata description = 'The private endpoints of an isolated deployment.'

param location string
param tags { *: string }

@description('Names begin with it, and end with the token.')
param prefix string
param token string

param subnetId string
param zoneIds { blob: string, queue: string, table: string, sites: string, registry: string, vault: string }
param networkIds string[]
param storageId string
param functionsId string
param registryId string

@description('Whether there is a vault.')
param withVault bool
param vaultId string

param environmentDomain string
param environmentAddress string

var endpoints { group: 'blob' | 'queue' | 'table' | 'sites' | 'registry', id: string, zone: string }[] = [
  { group: 'blob', id: storageId, zone: zoneIds.blob }
  { group: 'queue', id: storageId, zone: zoneIds.queue }
  { group: 'table', id: storageId, zone: zoneIds.table }
  { group: 'sites', id: functionsId, zone: zoneIds.sites }
  { group: 'registry', id: registryId, zone: zoneIds.registry }
]

module endpoint 'private-endpoint.bicep' = [
  for item in endpoints: {
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

module environmentNames 'environment-names.bicep' = {
  name: 'environment-names'
  params: {
    tags: tags
    domain: environmentDomain
    address: environmentAddress
    networkIds: networkIds
  }
}
