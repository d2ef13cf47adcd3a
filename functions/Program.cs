using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using TriOps.Functions;

// The worker of the functions app: triggers, orchestrations, activities, API and pages. The functions are in the folders beside this file.
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddTriOpsFunctions(name => builder.Configuration[name]);
await builder.Build().RunAsync();
