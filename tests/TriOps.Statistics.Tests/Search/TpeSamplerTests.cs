using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Statistics.Search;

namespace TriOps.Statistics.Tests.Search;

public sealed class TpeSamplerTests
{
    private static readonly IReadOnlyList<SearchSpace> All =
        [FamilyCatalogue.Linear.Space, FamilyCatalogue.LightGbm.Space, FamilyCatalogue.Mlp.Space];

    [Fact]
    public void Suggest_FirstTrials_AreEachFamilysDefaults()
    {
        var sampler = new TpeSampler(All, maximise: true, seed: 7);

        for (var i = 0; i < All.Count; i++)
        {
            var suggestion = sampler.Suggest(i, []);
            Assert.Equal(All[i].Family, suggestion.Family);
            Assert.Equal(All[i].Defaults, suggestion.Parameters);
        }
    }

    [Fact]
    public void Suggest_SameArguments_GivesTheSameSetting()
    {
        var history = Search(new TpeSampler(All, maximise: false, seed: 3), 30, Bowl);

        var first = new TpeSampler(All, maximise: false, seed: 3).Suggest(30, history);
        var again = new TpeSampler(All, maximise: false, seed: 3).Suggest(30, [.. Enumerable.Reverse(history)]);

        Assert.Equal(first.Family, again.Family);
        Assert.Equal(first.Parameters, again.Parameters);
        Assert.NotEqual(first.Parameters, new TpeSampler(All, maximise: false, seed: 4).Suggest(30, history).Parameters);
        Assert.NotEqual(first.Parameters, new TpeSampler(All, maximise: false, seed: 3).Suggest(31, history).Parameters);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Suggest_LongSearch_StaysWithinItsRanges(int seed)
    {
        // The objective pulls every parameter to an end of its range, where rounding and truncation would show.
        var history = Search(new TpeSampler(All, maximise: seed == 1, seed), 80, trial => trial.Parameters.Values.Sum());

        foreach (var trial in history)
        {
            var space = FamilyCatalogue.Of(trial.Family).Space;
            Assert.Equal(space.Ranges.Select(r => r.Name), trial.Parameters.Keys);
            Assert.All(space.Ranges, r => Assert.True(r.Contains(trial.Parameters[r.Name]), $"{r.Name} = {trial.Parameters[r.Name]:R}"));
        }
    }

    [Fact]
    public void Suggest_SmoothFunctions_BeatsRandomSearch()
    {
        foreach (var (space, function) in ((SearchSpace, Func<Trial, double>)[])[(FamilyCatalogue.LightGbm.Space, Bowl),
            (FamilyCatalogue.Mlp.Space, Bowl), (Plane, Branin)])
        {
            var tpe = Median(seed => Search(new TpeSampler([space], maximise: false, seed), 50, function).Min(t => t.Objective!.Value));
            var random = Median(seed => Search(new TpeSampler([space], maximise: false, seed, startup: int.MaxValue), 50, function)
                .Min(t => t.Objective!.Value));

            Assert.True(tpe < 0.8 * random, $"{space.Family}: TPE {tpe}, random {random}");
        }
    }

    [Fact]
    public void Suggest_OneFamilyIsBetter_SpendsMostTrialsOnIt()
    {
        var history =
            Search(new TpeSampler(All, maximise: true, seed: 11), 60, t => (t.Family == ModelFamily.LightGbm ? 1 : 0) - 0.1 * Bowl(t));

        Assert.InRange(history.Skip(9).Count(t => t.Family == ModelFamily.LightGbm), 30, 51);
    }

    [Fact]
    public void Suggest_OneFamilyAlwaysFails_AvoidsIt()
    {
        var sampler = new TpeSampler(All, maximise: true, seed: 5);
        var history = new List<Trial>();
        for (var i = 0; i < 60; i++)
        {
            var trial = Of(i, sampler.Suggest(i, history));
            history.Add(trial.Family == ModelFamily.Mlp
                ? trial with { Status = RunStatus.Failed, Error = "libtorch" }
                : trial with { Status = RunStatus.Completed, Objective = -Bowl(trial) });
        }

        Assert.InRange(history.Skip(9).Count(t => t.Family == ModelFamily.Mlp), 0, 12);
    }

    [Fact]
    public void Suggest_RunningTrials_SpreadOut()
    {
        var history = Search(new TpeSampler([Plane], maximise: false, seed: 2), 30, Branin);
        var alone = new TpeSampler([Plane], maximise: false, seed: 2).Suggest(40, history);
        for (var i = 30; i < 38; i++) history.Add(Of(i, alone)); // eight jobs already try just that setting

        var next = new TpeSampler([Plane], maximise: false, seed: 2).Suggest(40, history);

        Assert.True(Distance(alone, next) > 1, $"{Distance(alone, next)}");
    }

    [Fact]
    public void Suggest_NothingEverCompletes_KeepsSearchingAtRandom()
    {
        var history = Enumerable.Range(0, 20)
            .Select(i => Of(i, new TpeSampler(All, maximise: true, seed: 1).Suggest(i, [])) with { Status = RunStatus.Failed }).ToList();

        var families = Enumerable.Range(20, 9)
            .Select(i => new TpeSampler(All, maximise: true, seed: 1).Suggest(i, history).Family).Distinct();

        Assert.Equal(3, families.Count());
    }

    private static SearchSpace Plane { get; } =
        new(ModelFamily.Linear, [new FloatRange("x", -5, 10, 2.5), new FloatRange("y", 0, 15, 7.5)]);

    /// <summary>Branin's function: three minima of 0.397887 (Dixon and Szegö 1978), here less that minimum.</summary>
    private static double Branin(Trial trial)
    {
        var (x, y) = (trial.Parameters["x"], trial.Parameters["y"]);
        return Math.Pow(y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6, 2) + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x)
            + 10 - 0.397887;
    }

    /// <summary>A bowl with its bottom 0 at 30 % of every range, on the range's own scale; choices cost 0.05 a step from index 1.</summary>
    private static double Bowl(Trial trial) => FamilyCatalogue.Of(trial.Family).Space.Ranges.Sum(r => (r, trial.Parameters[r.Name]) switch
    {
        (FloatRange f, var v) => Square(Share(v, f.Low, f.High, f.Log)),
        (IntegerRange i, var v) => Square(Share(v, i.Low, i.High, i.Log)),
        (_, var v) => 0.05 * Math.Abs(v - 1),
    });

    private static double Square(double share) => (share - 0.3) * (share - 0.3);

    private static double Share(double v, double low, double high, bool log) => log ? Math.Log(v / low) / Math.Log(high / low)
        : (v - low) / (high - low);

    private static double Distance(Suggestion a, Suggestion b) =>
        Math.Sqrt(a.Parameters.Sum(p => Math.Pow(p.Value - b.Parameters[p.Key], 2)));

    private static double Median(Func<int, double> bySeed)
    {
        var sorted = Enumerable.Range(1, 20).Select(bySeed).Order().ToArray();
        return (sorted[9] + sorted[10]) / 2;
    }

    private static List<Trial> Search(TpeSampler sampler, int trials, Func<Trial, double> objective)
    {
        var history = new List<Trial>();
        for (var i = 0; i < trials; i++)
        {
            var trial = Of(i, sampler.Suggest(i, history));
            history.Add(trial with { Status = RunStatus.Completed, Objective = objective(trial) });
        }
        return history;
    }

    private static Trial Of(int number, Suggestion suggestion) =>
        new("run", number, suggestion.Family, suggestion.Parameters, RunStatus.Running, $"run-t{number:D2}");
}
