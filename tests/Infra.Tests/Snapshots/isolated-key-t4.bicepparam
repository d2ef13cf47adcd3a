using '../../../infra/main.bicep'

param environmentName = 'isolated-key'
param location = 'swedencentral'
param gpu = 'T4'
param networkIsolation = true
param alwaysReadyInstances = 1
param apiKey = 'not-a-key-just-16-characters-or-more'
param cpuPricePerHour = '0.5'
param gpuPricePerHour = '1.25'
param currency = 'EUR'
param trainerImage = 'crexample.azurecr.io/triops/trainer:azd-deploy-1'
param inferenceImage = 'crexample.azurecr.io/triops/inference:azd-deploy-1'
param thisMonth = '2026-11-01'
