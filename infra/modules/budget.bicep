metadata description = 'A monthly budget of this resource group. It tells; it stops nothing.'

param name string

@description('In the currency of the subscription.')
param amount int

@description('The first day of a month, yyyy-MM-01. It must not change later.')
param start string

@description('Who is told. Empty: the owners of the resource group.')
param email string

var contacts = empty(email) ? { contactEmails: [], contactRoles: ['Owner'] } : { contactEmails: [email] }

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: start }
    notifications: {
      most: union(contacts, {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
      })
      all: union(contacts, {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Actual'
      })
      ahead: union(contacts, {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
      })
    }
  }
}
