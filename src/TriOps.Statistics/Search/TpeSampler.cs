using MathNet.Numerics.Random;
using TriOps.Core.Experiments;
using TriOps.Core.Families;

namespace TriOps.Statistics.Search;

/// <summary>Suggests trials with a tree-structured Parzen estimator: values that are likely among the good trials and unlikely among the
/// others. The family is the root of the tree; each family's parameters are modelled by themselves, from that family's trials
/// alone.</summary>
/// <remarks>Source: J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl: Algorithms for Hyper-Parameter Optimization, NIPS 2011, §4. The split
/// into good and other trials is hyperopt's: ⌈0.25·√n⌉, at most 25. Thread-safe: a suggestion depends on nothing but the
/// arguments.</remarks>
public sealed class TpeSampler
{
    private const int CandidatesPerDraw = 24;
    private const int MostGood = 25;
    private readonly IReadOnlyList<SearchSpace> spaces;
    private readonly bool maximise;
    private readonly int seed, startup;

    /// <summary>A sampler.</summary>
    /// <param name="spaces">One a family; at least one.</param>
    /// <param name="maximise">Whether a larger objective is better.</param>
    /// <param name="seed">Another seed, another search.</param>
    /// <param name="startup">Ended trials before the estimator takes over; null: three a family, at least five. Above the number of trials,
    /// the search is random.</param>
    public TpeSampler(IReadOnlyList<SearchSpace> spaces, bool maximise, int seed, int? startup = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(spaces.Count, nameof(spaces));
        (this.spaces, this.maximise, this.seed) = (spaces, maximise, seed);
        this.startup = startup ?? Math.Max(5, 3 * spaces.Count);
    }

    /// <summary>The setting to try next: each family's defaults first, then random settings, then what the ended trials promise most
    /// of.</summary>
    /// <param name="number">The trial's number, from 0.</param>
    /// <param name="observed">The trials before it. Failed ones count as worst; running ones as no better than the worst that completed (a
    /// constant liar), so that parallel trials spread out. Their order does not matter.</param>
    /// <returns>The same setting for the same arguments.</returns>
    public Suggestion Suggest(int number, IReadOnlyList<Trial> observed)
    {
        if (number < spaces.Count) return new(spaces[number].Family, spaces[number].Defaults);
        var random = new Xoshiro256StarStar(unchecked((int)((uint)seed * 0x9E3779B1u ^ (uint)number * 0x85EBCA77u)), threadSafe: false);
        var ranked = Rank(observed);
        if (ranked.Count(t => t.Status != RunStatus.Running) < startup || !ranked.Any(IsCompleted))
            return Draw(spaces[number % spaces.Count], [], [], random);
        var index = (int)Best(values => new ParzenEstimator.Categories(spaces.Count, values), ranked, t => IndexOf(t.Family), random);
        var space = spaces[index];
        var own = ranked.Where(t => t.Family == space.Family).ToList();
        var (good, other) = Split(own);
        return Draw(space, good, other, random);
    }

    private static Suggestion Draw(SearchSpace space, IReadOnlyList<Trial> good, IReadOnlyList<Trial> other, RandomSource random)
    {
        var chosen = new Dictionary<string, double>();
        foreach (var range in space.Ranges)
            chosen[range.Name] =
                Best(ParzenEstimator.Of(range, Values(range, good)), ParzenEstimator.Of(range, Values(range, other)), random);
        return new(space.Family, chosen);
    }

    private static double Best(Func<IReadOnlyList<double>, ParzenEstimator> estimate, IReadOnlyList<Trial> ranked,
        Func<Trial, double> value, RandomSource random)
    {
        var (good, other) = Split(ranked);
        return Best(estimate([.. good.Select(value)]), estimate([.. other.Select(value)]), random);
    }

    /// <summary>Expected improvement grows with l(x)/g(x): the largest among draws from l.</summary>
    private static double Best(ParzenEstimator good, ParzenEstimator other, RandomSource random)
    {
        var (best, most) = (0.0, double.NegativeInfinity);
        for (var i = 0; i < CandidatesPerDraw; i++)
        {
            var value = good.Sample(random);
            var score = good.LogDensity(value) - other.LogDensity(value);
            if (score > most) (best, most) = (value, score);
        }
        return best;
    }

    /// <summary>Best first: completed by objective, then running, then failed; equals by number.</summary>
    private List<Trial> Rank(IReadOnlyList<Trial> observed) =>
        [.. observed.Where(t => IndexOf(t.Family) >= 0)
            .OrderBy(t => IsCompleted(t) ? 0 : t.Status == RunStatus.Running ? 1 : 2)
            .ThenBy(t => IsCompleted(t) ? (maximise ? -t.Objective!.Value : t.Objective!.Value) : 0)
            .ThenBy(t => t.Number)];

    private static (List<Trial> Good, List<Trial> Other) Split(IReadOnlyList<Trial> ranked)
    {
        var most = Math.Min((int)Math.Ceiling(0.25 * Math.Sqrt(ranked.Count)), MostGood);
        var good = ranked.Take(most).Where(IsCompleted).ToList();
        return (good, [.. ranked.Skip(good.Count)]);
    }

    private static List<double> Values(ParameterRange range, IReadOnlyList<Trial> trials) =>
        [.. trials.Where(t => t.Parameters.TryGetValue(range.Name, out var value) && range.Contains(value))
            .Select(t => t.Parameters[range.Name])];

    private static bool IsCompleted(Trial trial) => trial is { Status: RunStatus.Completed, Objective: { } objective }
        && double.IsFinite(objective);

    private int IndexOf(ModelFamily family)
    {
        for (var i = 0; i < spaces.Count; i++)
            if (spaces[i].Family == family) return i;
        return -1;
    }
}

/// <summary>A setting to try.</summary>
/// <param name="Family">What to fit.</param>
/// <param name="Parameters">As in <see cref="Trial.Parameters"/>: every parameter of the family's space.</param>
public sealed record Suggestion(ModelFamily Family, IReadOnlyDictionary<string, double> Parameters);
