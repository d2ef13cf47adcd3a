using TriOps.Core.Deployments;
using TriOps.Data.Windows;

namespace TriOps.Data.Tests.Windows;

public sealed class WindowSamplerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static InferenceRecord Record(int i) => new($"id{i}", Noon.AddSeconds(i), 1, 1, [i], [], [0], 1);

    private static WindowSample Sample(int most, IEnumerable<InferenceRecord> records, IEnumerable<LabelRecord>? labels = null)
    {
        using var sampler = new WindowSampler(most);
        foreach (var label in labels ?? []) sampler.Add(label);
        foreach (var record in records) sampler.Add(record, label => label != "impossible");
        return sampler.ToSample();
    }

    [Fact]
    public void Sample_WithinTheBound_IsEverything()
    {
        var found =
            Sample(100, [.. Enumerable.Range(0, 100).Select(Record).Reverse(), Record(7)],
            [new("id3", "old", Noon), new("id3", "new", Noon.AddHours(1)), new("id4", "impossible", Noon), new("id999", "x", Noon)]);
        Assert.Equal((100, 1), (found.Rows, found.Labelled));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"id{i}"), found.Sample.Select(r => r.Id));
        Assert.Equal(("id3", "new"), (found.LabelledSample.Single().Record.Id, found.LabelledSample.Single().Label));
    }

    [Fact]
    public void Sample_BeyondTheBound_IsUniformAndTheSameInAnyOrder()
    {
        var records = Enumerable.Range(0, 40_000).Select(Record).ToArray();
        var first = Sample(4_000, records);
        new Random(3).Shuffle(records);
        var second = Sample(4_000, records);
        Assert.Equal(first.Sample.Select(r => r.Id), second.Sample.Select(r => r.Id));
        Assert.Equal((40_000, 4_000), (first.Rows, first.Sample.Count));
        for (var quarter = 0; quarter < 4; quarter++) // 1,000 expected, standard deviation 26
            Assert.InRange(first.Sample.Count(r => r.Numbers[0] >= quarter * 10_000 && r.Numbers[0] < (quarter + 1) * 10_000), 890, 1_110);
    }

    [Fact]
    public void Sample_MoreLabelsThanTheBound_EstimatesHowMany()
    {
        var found = Sample(2_000, Enumerable.Range(0, 30_000).Select(Record), Enumerable.Range(10_000, 40_000)
            .Select(i => new LabelRecord($"id{i}", "x", Noon)));
        Assert.InRange(found.Labelled, 18_000, 22_000); // Half of the 2,000 labels kept match: about 1,000 of them, ±3 %.
        Assert.InRange(found.LabelledSample.Count, 850, 1_150);
    }
}
