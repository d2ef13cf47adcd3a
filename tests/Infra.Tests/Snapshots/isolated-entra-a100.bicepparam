using '../../../infra/main.bicep'

param environmentName = 'isolated'
param location = 'westeurope'
param gpu = 'A100'
param gpuLocation = 'Sweden Central'
param inferenceGpu = true
param networkIsolation = true
param allowedAddresses = '203.0.113.7, 198.51.100.0/24'
param entraAuth = true
param authClientId = '11111111-2222-3333-4444-555555555555'
param alertEmail = 'operations@example.com'
param monthlyBudget = 200
param budgetStart = '2026-11-01'
param principalId = '66666666-7777-8888-9999-000000000000'
param inferenceImage = 'crexample.azurecr.io/triops/inference:azd-deploy-1'
param thisMonth = '2026-11-01'
