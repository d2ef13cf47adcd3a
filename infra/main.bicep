metadata description = 'TriOps in a subscription: one resource group with everything in it.'

targetScope = 'subscription'

@description('Name of the azd environment; part of the resource group\'s name.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything but the containers.')
@metadata({ azd: { type: 'location' } })
param location string

@description('GPU that trainer jobs may use: none, a T4 (16 GB) or an A100 (80 GB).')
@allowed(['none', 'T4', 'A100'])
param gpu string = 'none'

@description('Region of the containers. Empty: the same as everything else. Not every region has GPUs.')
param gpuLocation string = ''

@description('Whether the inference server runs on the GPU profile too.')
param inferenceGpu bool = false

@description('Whether storage, Key Vault, the API and the inference server are reached through a private network only.')
param networkIsolation bool = false

@description('Public IPv4 addresses or ranges, separated by commas, that reach storage and the API all the same when the network is isolated.')
param allowedAddresses string = ''

@description('Whether Entra signs users in. Otherwise callers send an API key, which Key Vault holds.')
param entraAuth bool = false

@description('The application registration that users sign in for. Needed with entraAuth.')
param authClientId string = ''

@secure()
@description('The API key, 16 characters or more. Needed without entraAuth.')
param apiKey string = ''

@description('Who is told of alerts and of the budget. Empty: nobody is mailed.')
param alertEmail string = ''

@description('Monthly budget in the currency of the subscription. 0: none.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget begins, yyyy-MM-01. It must stay the same.')
param budgetStart string = ''

@description('Whoever deploys: may upload to the inbox. Empty: nobody.')
param principalId string = ''

@allowed(['User', 'Group', 'ServicePrincipal'])
param principalType string = 'User'

@description('Price of an hour of the CPU profile, for the cost of runs. Empty: the figure in prices.json.')
param cpuPricePerHour string = ''

@description('Price of an hour of the GPU profile, for the cost of runs. Empty: the figure in prices.json.')
param gpuPricePerHour string = ''

@description('Currency of the prices.')
@minLength(3)
@maxLength(3)
param currency string = loadJsonContent('prices.json').currency

@description('Image of the trainer without CUDA. azd fills it in after the first deployment.')
param trainerImage string = 'mcr.microsoft.com/k8se/quickstart-jobs:latest'

@description('Image of the trainer with CUDA.')
param trainerGpuImage string = 'mcr.microsoft.com/k8se/quickstart-jobs:latest'

@description('Image of the inference server.')
param inferenceImage string = 'mcr.microsoft.com/k8se/quickstart:latest'

@description('This month, where budgetStart is empty.')
param thisMonth string = utcNow('yyyy-MM-01')

var abbreviations = loadJsonContent('abbreviations.json')
var store = loadJsonContent('storage.json')
var prices = loadJsonContent('prices.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName, product: 'triops' }

var region = toLower(replace(location, ' ', ''))
var computeRegion = empty(gpuLocation) ? region : toLower(replace(gpuLocation, ' ', ''))
var withGpu = gpu != 'none'
var gpuOn = withGpu ? gpu : 'T4'
var addresses = filter(map(split(allowedAddresses, ','), address => trim(address)), address => !empty(address))
var ranges = map(addresses, address => contains(address, '/') ? address : '${address}/32')
var storageName = '${abbreviations.storageAccount}${token}'
var clientId = entraAuth ? authClientId : ''

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: '${abbreviations.resourceGroup}${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  scope: group
  name: 'identities'
  params: {
    location: region
    tags: tags
    names: {
      functions: '${abbreviations.managedIdentity}functions-${token}'
      trainer: '${abbreviations.managedIdentity}trainer-${token}'
      inference: '${abbreviations.managedIdentity}inference-${token}'
      events: '${abbreviations.managedIdentity}events-${token}'
    }
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    location: region
    tags: tags
    workspaceName: '${abbreviations.logAnalyticsWorkspace}${token}'
    componentName: '${abbreviations.applicationInsights}${token}'
    publishers: [
      { process: 'functions', id: identities.outputs.functions.principalId }
      { process: 'trainer', id: identities.outputs.trainer.principalId }
      { process: 'inference', id: identities.outputs.inference.principalId }
    ]
  }
}

module network 'modules/network.bicep' = if (networkIsolation) {
  scope: group
  name: 'network'
  params: {
    location: region
    tags: tags
    name: '${abbreviations.virtualNetwork}${token}'
    computeLocation: computeRegion
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    location: region
    tags: tags
    name: storageName
    isolated: networkIsolation
    allowedAddresses: addresses
  }
}

module storageAccess 'modules/storage-access.bicep' = {
  scope: group
  name: 'storage-access'
  params: {
    accountName: storageName
    functionsPrincipalId: identities.outputs.functions.principalId
    trainerPrincipalId: identities.outputs.trainer.principalId
    inferencePrincipalId: identities.outputs.inference.principalId
    eventsPrincipalId: identities.outputs.events.principalId
    uploaderPrincipalId: principalId
    uploaderPrincipalType: principalType
  }
  dependsOn: [storage]
}

module events 'modules/events.bicep' = {
  scope: group
  name: 'events'
  params: {
    location: region
    tags: tags
    topicName: '${abbreviations.eventGridSystemTopic}${token}'
    storageName: storageName
    identityId: identities.outputs.events.id
  }
  dependsOn: [storageAccess]
}

module registry 'modules/registry.bicep' = {
  scope: group
  name: 'registry'
  params: {
    location: computeRegion
    tags: tags
    name: '${abbreviations.containerRegistry}${token}'
    isolated: networkIsolation
    pullers: [
      { process: 'trainer', id: identities.outputs.trainer.principalId }
      { process: 'inference', id: identities.outputs.inference.principalId }
    ]
  }
}

module vault 'modules/key-vault.bicep' = if (!entraAuth) {
  scope: group
  name: 'key-vault'
  params: {
    location: region
    tags: tags
    name: '${abbreviations.keyVault}${token}'
    isolated: networkIsolation
    apiKey: apiKey
    readers: [
      { process: 'functions', id: identities.outputs.functions.principalId }
      { process: 'inference', id: identities.outputs.inference.principalId }
    ]
  }
}

var apiKeyUri = entraAuth ? '' : vault!.outputs.apiKeyUri

module environment 'modules/environment.bicep' = {
  scope: group
  name: 'environment'
  params: {
    location: computeRegion
    tags: tags
    name: '${abbreviations.containerAppsEnvironment}${token}'
    workspaceId: monitoring.outputs.workspaceId
    gpu: gpu
    subnetId: networkIsolation ? network!.outputs.computeSubnetId : ''
  }
}

module trainerCpu 'modules/trainer-job.bicep' = {
  scope: group
  name: 'trainer-cpu'
  params: {
    location: computeRegion
    tags: tags
    name: '${abbreviations.containerAppsJob}cpu-${token}'
    serviceName: 'trainer'
    environmentId: environment.outputs.id
    workloadProfile: 'Consumption'
    cpu: prices.size.cpu.vcpu
    memory: '${prices.size.cpu.gib}Gi'
    image: trainerImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.trainer.id
    identityClientId: identities.outputs.trainer.clientId
    storageName: storage.outputs.name
    telemetryConnection: monitoring.outputs.connectionString
    operatorPrincipalId: identities.outputs.functions.principalId
  }
}

module trainerGpu 'modules/trainer-job.bicep' = if (withGpu) {
  scope: group
  name: 'trainer-gpu'
  params: {
    location: computeRegion
    tags: tags
    name: '${abbreviations.containerAppsJob}gpu-${token}'
    serviceName: 'trainer-gpu'
    environmentId: environment.outputs.id
    workloadProfile: 'gpu'
    cpu: prices.size[gpuOn].vcpu
    memory: '${prices.size[gpuOn].gib}Gi'
    image: trainerGpuImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.trainer.id
    identityClientId: identities.outputs.trainer.clientId
    storageName: storage.outputs.name
    telemetryConnection: monitoring.outputs.connectionString
    operatorPrincipalId: identities.outputs.functions.principalId
  }
}

module inference 'modules/inference.bicep' = {
  scope: group
  name: 'inference'
  params: {
    location: computeRegion
    tags: tags
    name: '${abbreviations.containerApp}inference-${token}'
    environmentId: environment.outputs.id
    workloadProfile: withGpu && inferenceGpu ? 'gpu' : 'Consumption'
    cpu: withGpu && inferenceGpu ? prices.size[gpuOn].vcpu : 2
    memory: withGpu && inferenceGpu ? '${prices.size[gpuOn].gib}Gi' : '4Gi'
    maxReplicas: withGpu && inferenceGpu ? 1 : 10
    image: inferenceImage
    registryServer: registry.outputs.loginServer
    identityId: identities.outputs.inference.id
    identityClientId: identities.outputs.inference.clientId
    storageName: storage.outputs.name
    telemetryConnection: monitoring.outputs.connectionString
    authClientId: clientId
    apiKeyUri: apiKeyUri
  }
  dependsOn: [storageAccess]
}

var gpuProfile = withGpu
  ? {
      gpu: {
        job: trainerGpu!.outputs.id
        pricePerHour: json(empty(gpuPricePerHour) ? prices.perHour[gpuOn] : gpuPricePerHour)
        currency: currency
      }
    }
  : {}

var computeProfiles = union(
  {
    cpu: {
      job: trainerCpu.outputs.id
      pricePerHour: json(empty(cpuPricePerHour) ? prices.perHour.cpu : cpuPricePerHour)
      currency: currency
    }
  },
  gpuProfile
)

module functions 'modules/functions.bicep' = {
  scope: group
  name: 'functions'
  params: {
    location: region
    tags: tags
    planName: '${abbreviations.serverFarm}${token}'
    name: '${abbreviations.functionApp}${token}'
    identityId: identities.outputs.functions.id
    identityClientId: identities.outputs.functions.clientId
    storage: {
      name: storage.outputs.name
      blob: storage.outputs.blobEndpoint
      queue: storage.outputs.queueEndpoint
      table: storage.outputs.tableEndpoint
    }
    packageContainer: store.infrastructureContainers.deployment
    telemetryConnection: monitoring.outputs.connectionString
    computeProfiles: string(computeProfiles)
    authClientId: clientId
    apiKeyUri: apiKeyUri
    subnetId: networkIsolation ? network!.outputs.functionsSubnetId : ''
    allowedRanges: ranges
  }
  // The host reads its package and takes its leases as soon as it is there.
  dependsOn: [storageAccess]
}

module isolation 'modules/isolation.bicep' = if (networkIsolation) {
  scope: group
  name: 'isolation'
  params: {
    location: region
    tags: tags
    prefix: abbreviations.privateEndpoint
    token: token
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    networkIds: network!.outputs.networkIds
    storageId: storage.outputs.id
    functionsId: functions.outputs.id
    registryId: registry.outputs.id
    withVault: !entraAuth
    vaultId: entraAuth ? '' : vault!.outputs.id
    #disable-next-line what-if-short-circuiting // Azure chooses the domain; the zone cannot be named before.
    environmentDomain: environment.outputs.domain
    environmentAddress: environment.outputs.address
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    location: region
    tags: tags
    actionGroupName: '${abbreviations.actionGroup}${token}'
    workspaceId: monitoring.outputs.workspaceId
    eventTopicId: events.outputs.topicId
    email: alertEmail
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  name: 'workbook'
  params: {
    location: region
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  name: 'budget'
  params: {
    name: '${abbreviations.budget}${token}'
    amount: monthlyBudget
    start: empty(budgetStart) ? thisMonth : budgetStart
    email: alertEmail
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer
output TRIOPS_URL string = functions.outputs.url
output TRIOPS_INFERENCE_URL string = inference.outputs.url
output TRIOPS_STORAGE_ACCOUNT string = storage.outputs.name
output TRIOPS_GPU_ENABLED bool = withGpu
