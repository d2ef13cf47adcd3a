metadata description = 'The network of an isolated deployment: subnets for what runs and for private endpoints, and the names they answer to. Container Apps in another region get a network of their own, peered.'

param location string
param tags { *: string }
param name string

@description('Region of the Container Apps environment.')
param computeLocation string

var separate = computeLocation != location
var containerApps = [{ name: 'containerapps', properties: { serviceName: 'Microsoft.App/environments' } }]

// What runs calls Azure's management, sign-in and telemetry, which have no private endpoint here.
var outbound = { delegations: containerApps, defaultOutboundAccess: true }

var zoneNames = [
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.queue.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
  'privatelink.azurewebsites.net'
  'privatelink${environment().suffixes.acrLoginServer}'
  'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
]

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.10.0.0/16'] }
    subnets: concat(
      [
        { name: 'endpoints', properties: { addressPrefix: '10.10.0.0/24', defaultOutboundAccess: false } }
        { name: 'functions', properties: union({ addressPrefix: '10.10.1.0/24' }, outbound) }
      ],
      separate ? [] : [{ name: 'compute', properties: union({ addressPrefix: '10.10.2.0/23' }, outbound) }]
    )
  }

  resource endpoints 'subnets' existing = { name: 'endpoints' }
  resource functions 'subnets' existing = { name: 'functions' }
}

resource computeNetwork 'Microsoft.Network/virtualNetworks@2025-01-01' = if (separate) {
  name: '${name}-compute'
  location: computeLocation
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.11.0.0/16'] }
    subnets: [{ name: 'compute', properties: union({ addressPrefix: '10.11.2.0/23' }, outbound) }]
  }
}

resource toCompute 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2025-01-01' = if (separate) {
  parent: network
  name: 'to-compute'
  properties: { remoteVirtualNetwork: { id: computeNetwork.id }, allowVirtualNetworkAccess: true }
}

resource fromCompute 'Microsoft.Network/virtualNetworks/virtualNetworkPeerings@2025-01-01' = if (separate) {
  parent: computeNetwork
  name: 'from-compute'
  properties: { remoteVirtualNetwork: { id: network.id }, allowVirtualNetworkAccess: true }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in zoneNames: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: {
    parent: zones[i]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

resource computeLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, i) in zoneNames: if (separate) {
    parent: zones[i]
    name: '${name}-compute'
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: computeNetwork.id } }
  }
]

output functionsSubnetId string = network::functions.id
output endpointsSubnetId string = network::endpoints.id
output computeSubnetId string = resourceId(
  'Microsoft.Network/virtualNetworks/subnets',
  separate ? '${name}-compute' : name,
  'compute'
)
output networkIds string[] = separate ? [network.id, computeNetwork.id] : [network.id]
output zoneIds { blob: string, queue: string, table: string, sites: string, registry: string, vault: string } = {
  blob: zones[0].id
  queue: zones[1].id
  table: zones[2].id
  sites: zones[3].id
  registry: zones[4].id
  vault: zones[5].id
}
