metadata description = 'A resource\'s address inside the network, and the name that leads there.'

param location string
param tags { *: string }
param name string
param subnetId string
param resourceId string

@allowed(['blob', 'queue', 'table', 'sites', 'registry', 'vault'])
param group string

@description('The private DNS zone of the group.')
param zoneId string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: group, properties: { privateLinkServiceId: resourceId, groupIds: [group] } }
    ]
  }
}

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = {
  parent: endpoint
  name: 'default'
  properties: { privateDnsZoneConfigs: [{ name: group, properties: { privateDnsZoneId: zoneId } }] }
}
