using NetArchTest.Rules;
using TriOps.Onnx.Graphs;

namespace TriOps.Onnx.Tests;

/// <summary>Graphs are of tensors: what a table is, only an exporter of tables knows.</summary>
public sealed class GraphsKnowTensorsTests
{
    [Fact]
    public void Graphs_KnowNothingOfTablesNorOfCore() => Assert.Empty(Among("TriOps.Onnx.Graphs", "TriOps.Core", "TriOps.Onnx.Exporters"));

    [Fact]
    // The rule has eyes.
    public void Exporters_OfTables_KnowSignatures() => Assert.NotEmpty(Among("TriOps.Onnx.Exporters.Tables", "TriOps.Core.Signatures"));

    [Fact]
    public void Exporters_AreByKindOfModel() =>
        Assert.DoesNotContain("TriOps.Onnx.Exporters", typeof(GraphBuilder).Assembly.GetTypes().Select(t => t.Namespace));

    private static IReadOnlyList<string> Among(string folder, params string[] others) =>
        [.. Types.InAssembly(typeof(GraphBuilder).Assembly).That().ResideInNamespace(folder).And().HaveDependencyOnAny(others).GetTypes()
            .Select(t => t.FullName)];
}
