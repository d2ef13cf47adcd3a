metadata description = 'Logs, traces and metrics. Application Insights takes telemetry from signed-in processes only, never by its key.'

import { principal } from 'identities.bicep'

param location string
param tags { *: string }
param workspaceName string
param componentName string

@description('Who sends telemetry.')
param publishers principal[]

@description('Days that logs are kept. 30 are free.')
@minValue(30)
@maxValue(730)
param retentionInDays int = 30

var roles = loadJsonContent('../roles.json')

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionInDays
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource publisherRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for publisher in publishers: {
    name: guid(component.id, publisher.process, roles.monitoringMetricsPublisher)
    scope: component
    properties: {
      principalId: publisher.id
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles.monitoringMetricsPublisher
      )
    }
  }
]

output workspaceId string = workspace.id
output componentId string = component.id

@description('Not a secret: keys are off, so it only says where to send to.')
output connectionString string = component.properties.ConnectionString
