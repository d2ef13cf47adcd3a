metadata description = 'Makes the apps of an internal Container Apps environment found by name inside the network.'

param tags { *: string }

@description('The environment\'s default domain.')
param domain string

@description('The environment\'s address inside the network.')
param address string

@description('Networks that look names up.')
param networkIds string[]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: domain
  location: 'global'
  tags: tags

  resource everything 'A' = {
    name: '*'
    properties: { ttl: 300, aRecords: [{ ipv4Address: address }] }
  }
}

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for id in networkIds: {
    parent: zone
    name: last(split(id, '/'))
    location: 'global'
    tags: tags
    #disable-next-line use-resource-id-functions // A resource id given as a parameter, by way of the loop.
    properties: { registrationEnabled: false, virtualNetwork: { id: id } }
  }
]
