using TriOps.Testing.Conformance;

namespace TriOps.Workflows.Tests;

/// <summary>The suite on the engine of the local host.</summary>
[Collection("workflows")]
public sealed class EngineWorkflowTests(EngineFixture engine) : WorkflowConformance(engine), IClassFixture<EngineFixture>;
