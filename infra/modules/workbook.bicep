metadata description = 'One page for operations: uploads, workflows, jobs, predictions, drift.'

param location string
param tags { *: string }
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'triops-operations')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'TriOps operations'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
