metadata description = 'How an isolated deployment is reached from its network: the functions app\'s private endpoint, and the containers\' names.'

param location string
param tags { *: string }

@description('Names begin with it, and end with the token.')
param prefix string
param token string

param subnetId string
param sitesZoneId string
param networkIds string[]
param functionsId string
param environmentDomain string
param environmentAddress string

module sites 'private-endpoint.bicep' = {
  name: 'endpoint-sites'
  params: {
    location: location
    tags: tags
    name: '${prefix}sites-${token}'
    subnetId: subnetId
    resourceId: functionsId
    group: 'sites'
    zoneId: sitesZoneId
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
