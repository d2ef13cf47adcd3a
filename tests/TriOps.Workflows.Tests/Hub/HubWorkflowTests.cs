using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>The suite on Durable's executor alone.</summary>
[Collection("workflows")]
public sealed class HubWorkflowTests() : WorkflowConformance(new HubHarness());
