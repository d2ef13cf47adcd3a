metadata description = 'Where containers run: trainer jobs and the inference server. Nothing is billed while none runs.'

param location string
param tags { *: string }
param name string
param workspaceId string

@description('A serverless GPU profile beside the one without GPUs, or none.')
@allowed(['none', 'T4', 'A100'])
param gpu string

@description('A subnet of the isolated network in this location. Empty: no network of our own.')
param subnetId string

var isolated = !empty(subnetId)
var gpuProfiles = { T4: 'Consumption-GPU-NC8as-T4', A100: 'Consumption-GPU-NC24-A100' }

resource environment 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    publicNetworkAccess: isolated ? 'Disabled' : 'Enabled'
    vnetConfiguration: isolated ? { infrastructureSubnetId: subnetId, internal: true } : null
    workloadProfiles: concat(
      [{ name: 'Consumption', workloadProfileType: 'Consumption' }],
      gpu == 'none' ? [] : [{ name: 'gpu', workloadProfileType: gpuProfiles[gpu] }]
    )
    zoneRedundant: false
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

output id string = environment.id
output domain string = environment.properties.defaultDomain
output address string = environment.properties.staticIp
