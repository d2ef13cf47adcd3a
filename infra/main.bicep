metadata description = 'TriOps in a subscription: one resource group with everything in it.'

targetScope = 'subscription'

@description('Name of the azd environment; part of the resource group\'s name.')
@minLength(1)
@maxLength(64)
param environmentName string

@description('Region of everything but the containers: one that has the Flex Consumption plan.')
@metadata({ azd: { type: 'location' } })
// From Azure-Samples/functions-quickstart-dotnet-azd, and two that 'az functionapp list-flexconsumption-locations' has named since.
@allowed([
  'australiaeast'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'northcentralus'
  'northeurope'
  'southcentralus'
  'southeastasia'
  'swedencentral'
  'uksouth'
  'westcentralus'
  'westeurope'
  'westus2'
  'westus3'
])
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

@description('Instances of the functions app that always run for workflows. Durable Functions\' documentation advises one; 0 costs nothing.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

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

@description('Image of the inference server. The placeholder listens where the server does, and answers its probe /healthz.')
param inferenceImage string = 'mcr.microsoft.com/dotnet/samples:aspnetapp'

@description('This month, where budgetStart is empty.')
param thisMonth string = utcNow('yyyy-MM-01')

var abbreviations = loadJsonContent('abbreviations.json')
var store = loadJsonContent('storage.json')
var prices = loadJsonContent('prices.json')
var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName, product: 'triops' }

var computeRegion = empty(gpuLocation) ? location : toLower(replace(gpuLocation, ' ', ''))
var withGpu = gpu != 'none'
var gpuOn = withGpu ? gpu : 'T4'
var addresses = filter(map(split(allowedAddresses, ','), address => trim(address)), address => !empty(address))
var ranges = map(addresses, address => contains(address, '/') ? address : '${address}/32')
var topicName = '${abbreviations.eventGridSystemTopic}${token}'
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
    location: location
    tags: tags
    names: {
      functions: '${abbreviations.managedIdentity}functions-${token}'
      trainer: '${abbreviations.managedIdentity}trainer-${token}'
      inference: '${abbreviations.managedIdentity}inference-${token}'
    }
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  name: 'monitoring'
  params: {
    location: location
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
    location: location
    tags: tags
    name: '${abbreviations.virtualNetwork}${token}'
    computeLocation: computeRegion
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  name: 'storage'
  params: {
    location: location
    tags: tags
    name: storageName
    isolated: networkIsolation
    allowedAddresses: addresses
  }
}

module events 'modules/events.bicep' = {
  scope: group
  name: 'events'
  params: {
    location: location
    tags: tags
    topicName: topicName
    storageId: storage.outputs.id
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
    topicPrincipalId: events.outputs.principalId
    uploaderPrincipalId: principalId
    uploaderPrincipalType: principalType
  }
}

module uploads 'modules/uploads.bicep' = {
  scope: group
  name: 'uploads'
  params: {
    topicName: topicName
    storageName: storageName
  }
  // The topic may write to the queue before it is told to.
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
    location: location
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

// Before anything runs that asks for what is behind them.
module endpoints 'modules/endpoints.bicep' = if (networkIsolation) {
  scope: group
  name: 'endpoints'
  params: {
    location: location
    tags: tags
    prefix: abbreviations.privateEndpoint
    token: token
    subnetId: network!.outputs.endpointsSubnetId
    zoneIds: network!.outputs.zoneIds
    storageId: storage.outputs.id
    registryId: registry.outputs.id
    withVault: !entraAuth
    vaultId: entraAuth ? '' : vault!.outputs.id
  }
}

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
  // It asks storage and, while it is created, the vault: both have their addresses by then.
  dependsOn: [storageAccess, endpoints]
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
    location: location
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
    alwaysReadyInstances: alwaysReadyInstances
  }
  // The host reads its package and its key, and takes its leases, as soon as it is there.
  dependsOn: [storageAccess, endpoints]
}

// Beside the functions app, and so after it: nobody is let in through the private network before there is something to reach.
module entrances 'modules/entrances.bicep' = if (networkIsolation) {
  scope: group
  name: 'entrances'
  params: {
    location: location
    tags: tags
    prefix: abbreviations.privateEndpoint
    token: token
    subnetId: network!.outputs.endpointsSubnetId
    sitesZoneId: network!.outputs.zoneIds.sites
    networkIds: network!.outputs.networkIds
    functionsId: functions.outputs.id
    #disable-next-line what-if-short-circuiting // Azure chooses the domain; the zone cannot be named before.
    environmentDomain: environment.outputs.domain
    environmentAddress: environment.outputs.address
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  name: 'alerts'
  params: {
    location: location
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
    location: location
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
output TRIOPS_INFERENCE_CUDA bool = withGpu && inferenceGpu

// The registry builds without BuildKit, and so every stage of a Dockerfile: an image without CUDA must not fetch CUDA's.
output TRIOPS_INFERENCE_CUDA_BASE string = withGpu && inferenceGpu
  ? 'nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04'
  : 'mcr.microsoft.com/dotnet/runtime-deps:10.0-noble'
