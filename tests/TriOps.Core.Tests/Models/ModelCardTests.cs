using TriOps.Core.Evaluations;
using TriOps.Core.Models;
using TriOps.Testing;

namespace TriOps.Core.Tests.Models;

public sealed class ModelCardTests
{
    private const string Hostile = "a|b`<script>alert(1)</script>[x](javascript:0)\n# heading\u202e\r\n---";

    [Fact]
    public void Write_KnownFacts_IsTheGoldenCard()
    {
        var golden = Path.Combine(Repository.Root, "tests", "TriOps.Core.Tests", "Models", "model-card.golden.md");
        var card = ModelCard.Write(Facts.Card());
        if (Environment.GetEnvironmentVariable("TRIOPS_WRITE_GOLDEN") == "1") File.WriteAllText(golden, card);

        Assert.Equal(File.ReadAllText(golden), card);
    }

    [Fact]
    public void Write_HostileNames_StayTextOnTheirLine()
    {
        var facts = Facts.Card();
        var card = ModelCard.Write(facts with
        {
            Plan = facts.Plan with { Notes = [Hostile], Classes = [Hostile, "ok"], Spec = facts.Plan.Spec with { Label = Hostile } },
            Data = facts.Data with { Source = facts.Data.Source with { File = Hostile } },
            Evaluation = facts.Evaluation with { Slices = [facts.Evaluation.Slices[0], new($"site={Hostile}", 40, [])] },
            Version = facts.Version with
            {
                Gate = new GateVerdict(false, [new(Hostile, false, 1, 2, Hostile)]),
                Artifacts = facts.Version.Artifacts with
                {
                    Importance = [new(Hostile, 1)],
                    Signature =
                    facts.Version.Artifacts.Signature.Table
                    with { Numbers = [Hostile + "```"],
                    CategoryValues = new Dictionary<string, IReadOnlyList<string>> { ["site"] = [Hostile] } },
                },
            },
        });
        var lines = card.Split('\n');

        Assert.DoesNotContain("<script", card, StringComparison.Ordinal);
        Assert.DoesNotContain("[x](", card[..card.IndexOf("```", StringComparison.Ordinal)].Replace("\\[", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', card);
        Assert.DoesNotContain('\r', card);
        Assert.Single(lines, l => l.StartsWith("# ", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(l => l == "---")); // the front matter's
        Assert.Equal(2, lines.Count(l => l.StartsWith("```", StringComparison.Ordinal)));
        foreach (var table in lines.Where(l => l.StartsWith("| a\\|b", StringComparison.Ordinal)))
            Assert.True(table.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|') is 3 or 6, table);
    }

    [Fact]
    public void Write_RefusedVersion_SaysSoUpFront()
    {
        var facts = Facts.Card();
        var card = ModelCard.Write(facts with { Version = facts.Version with { Status = ModelStatus.Rejected } });
        Assert.Contains("**The version was refused by its gate and cannot be deployed**", card, StringComparison.Ordinal);
    }
}
