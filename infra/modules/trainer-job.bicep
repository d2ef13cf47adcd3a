metadata description = 'The trainer as a job of one compute profile. Started by the functions app, an execution per attempt; the workflow, not the job, tries again.'

param location string
param tags { *: string }

@maxLength(32)
param name string

@description('The service in azure.yaml whose image this job runs.')
param serviceName string
param environmentId string

@description('"Consumption", or the environment\'s GPU profile.')
param workloadProfile string

param cpu int
param memory string

@description('The image; a public placeholder until the first deployment.')
param image string

param registryServer string
param identityId string
param identityClientId string
param storageName string

param telemetryConnection string

@description('The functions app\'s principal: starts and stops executions.')
param operatorPrincipalId string

@description('Seconds that one attempt may take.')
@minValue(60)
@maxValue(604800)
param attemptSeconds int = 86400

var roles = loadJsonContent('../roles.json')

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    environmentId: environmentId
    workloadProfileName: workloadProfile
    configuration: {
      triggerType: 'Manual'
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 }
      replicaRetryLimit: 0
      replicaTimeout: attemptSeconds
      registries: [{ server: registryServer, identity: identityId }]
    }
    template: {
      containers: [
        {
          name: 'trainer'
          image: image
          resources: { cpu: cpu, memory: memory }
          env: [
            { name: 'TRIOPS_STORAGE', value: storageName }
            { name: 'AZURE_CLIENT_ID', value: identityClientId }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: telemetryConnection }
            { name: 'TRIOPS_TRAINER_THREADS', value: string(cpu) }
          ]
        }
      ]
    }
  }
}

resource operator 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(job.id, 'functions', roles.containerAppsJobsOperator)
  scope: job
  properties: {
    principalId: operatorPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.containerAppsJobsOperator)
  }
}

output id string = job.id
