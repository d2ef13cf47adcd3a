namespace TriOps.Images.Tests;

/// <summary>The reader of Dockerfiles itself.</summary>
public sealed class DockerfileTests
{
    [Fact]
    public void Parse_StagesContinuationsAndComments_AreUnderstood()
    {
        var file =
            Dockerfile.Parse("x",
            ["# comment", "ARG GPU=true", "", "FROM a:1.0 AS one", "run x \\", "  # inside", " && y", "FROM one",
            "COPY --from=one /a b ./", "ENTRYPOINT [\"p\", \"q\"]"]);

        Assert.Equal("GPU=true", Assert.Single(file.Global).Text);
        Assert.Equal([("a:1.0", "one"), ("one", null)], file.Stages.Select(s => (s.From, s.Name)));
        Assert.Equal(new Instruction(5, "RUN", "x && y"), Assert.Single(file.Stages[0].Instructions));
        Assert.Equal(["--from=one"], file.Stages[1].Instructions[0].Flags);
        Assert.Equal(["/a", "b", "./"], file.Stages[1].Instructions[0].Arguments);
        Assert.Equal(["p", "q"], file.Stages[1].Instructions[1].ExecForm);
        Assert.Null(file.Stages[0].Instructions[0].ExecForm);
    }

    [Fact]
    public void Final_ArgumentInABase_ChoosesTheStagesBelow()
    {
        var file = Dockerfile.Parse("x", ["ARG GPU=true", "FROM c:1.0 AS r-false", "FROM g:1.0 AS r-true", "FROM r-${GPU}"]);

        Assert.Equal(["r-${GPU}", "g:1.0"], file.Final(gpu: true).Select(s => s.From));
        Assert.Equal(["r-${GPU}", "c:1.0"], file.Final(gpu: false).Select(s => s.From));
    }

    [Fact]
    public void Expand_OfABase_PutsTheArgumentsDefaultIn()
    {
        var file = Dockerfile.Parse("x", ["ARG GPU=true", "ARG BASE=g:1.0", "FROM ${BASE} AS r-true", "FROM r-${GPU}"]);

        Assert.Equal("g:1.0", file.Expand(file.Stages[0].From));
        Assert.Equal("r-true", file.Expand(file.Stages[1].From));
        Assert.Equal("a:1.0", file.Expand("a:1.0"));
    }

    [Theory]
    [InlineData("RUN a \\")]
    [InlineData("nonsense")]
    public void Parse_WhatIsNoInstruction_IsRefused(string line) =>
        Assert.Throws<FormatException>(() => Dockerfile.Parse("x", ["FROM a:1.0", line]));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("keep/x/bin/y", false)]
    [InlineData("keep/x/binary", true)]
    [InlineData("other/x", false)]
    public void Ignore_RulesInOrder_TheLastThatFitsDecides(string path, bool passes) =>
        Assert.Equal(passes, new DockerIgnore(["*", "!keep", "!a/*", "**/bin"]).Passes(path));
}
