using '../../../infra/main.bicep'

param environmentName = 'plain'
param location = 'swedencentral'
param apiKey = 'not-a-key-just-16-characters-or-more'
param thisMonth = '2026-11-01'
