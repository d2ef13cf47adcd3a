using System.Globalization;
using System.Text;
using System.Text.Json;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Packs;
using TriOps.Data.Profiles;
using TriOps.Data.Samples;
using TriOps.Testing.Fakes;

namespace TriOps.Data.Tests.Profiles;

public sealed class DatasetProfilerTests
{
    private static DatasetSpec Spec(string dataset = "{}") =>
        ProjectFileParser.Parse($"version: 1\nproject: p\ndatasets:\n  d: {dataset}\n").Datasets.Values.Single();

    private static async Task<DatasetProfile> ProfileAsync(DatasetSpec spec, params string[] files)
    {
        var blobs = new MemoryBlobs();
        var manifest = new DatasetManifest(DatasetManifest.CurrentVersion, []);
        foreach (var (text, i) in files.Select((t, i) => (t, i)))
            manifest =
                manifest.With(
                (await new FilePacker(blobs)
                .PackAsync($"f{i}.csv", new MemoryStream(Encoding.UTF8.GetBytes(text)), manifest, default)).File);
        return await new DatasetProfiler(new DatasetFiles(blobs)).ProfileAsync(manifest, spec, default);
    }

    private static async Task<ColumnProfile> ColumnAsync(string values, string dataset = "{}") =>
        (await ProfileAsync(Spec(dataset), "c,other\n" + string.Concat(values.Split('|').Select((v, i) => $"{v},{i}\n")))).Columns[0];

    [Theory]
    [InlineData("1|2.5|-3e2|", ColumnKind.Number, 1)]
    [InlineData("1|NaN|nan|3", ColumnKind.Number, 2)]
    [InlineData("0|1|1|0", ColumnKind.Number, 0)]
    [InlineData("true|False|TRUE|", ColumnKind.Boolean, 1)]
    [InlineData("yes|no|no|yes", ColumnKind.Boolean, 0)]
    [InlineData("f|m|f|f", ColumnKind.Category, 0)]
    [InlineData("red|green|red|", ColumnKind.Category, 1)]
    [InlineData("1|2|three|4", ColumnKind.Category, 0)]
    [InlineData("2026-01-31|2026-02-01T10:00|2026-02-01 10:00:00.5+01:00|", ColumnKind.Timestamp, 1)]
    [InlineData("2026-01-31T24:00:60Z|2026-01-31T10:00:00.123-0130|2026-01-31T10:00+01|0001-01-01", ColumnKind.Timestamp, 0)]
    [InlineData("2026-02-30|2026-01-01", ColumnKind.Category, 0)]
    [InlineData("2026-01-31T10:60|2026-01-01", ColumnKind.Category, 0)]
    [InlineData("2026-01-31T10:00+01:|2026-01-01", ColumnKind.Category, 0)]
    [InlineData("2026-01-31T1|2026-01-01", ColumnKind.Category, 0)]
    [InlineData("0000-01-31|2026-01-01", ColumnKind.Category, 0)]
    [InlineData("||", ColumnKind.Text, 3)]
    public async Task Profile_Values_InfersTheKindAndCountsMissing(string values, ColumnKind kind, long missing)
    {
        var column = await ColumnAsync(values);
        Assert.Equal((kind, missing), (column.Kind, column.Missing));
    }

    [Fact]
    public async Task Profile_ManyDistinctTexts_AreText() =>
        Assert.Equal(ColumnKind.Text, (await ColumnAsync(string.Join('|', Enumerable.Range(0, 300).Select(i => $"name {i}")))).Kind);

    [Fact]
    public async Task Profile_DeclaredKinds_OverruleAndReportWhatDoesNotFit()
    {
        Assert.Equal(ColumnKind.Category, (await ColumnAsync("1|2|1", "{ types: { c: category } }")).Kind);
        Assert.Equal(0, (await ColumnAsync("0|1|1", "{ types: { c: boolean } }")).Findings!.Unreadable);
        var column = await ColumnAsync("1|two|3", "{ types: { c: number } }");
        Assert.Equal((ColumnKind.Number, 1), (column.Kind, column.Findings!.Unreadable));
        Assert.Equal("'two' on line 3 of f0.csv", column.Findings.FirstUnreadable);
    }

    [Fact]
    public async Task Profile_DeclaredMissingTexts_AreNoValues()
    {
        var column = await ColumnAsync("1|NA|?|4", "{ missing_values: [NA, '?'] }");
        Assert.Equal((ColumnKind.Number, 2), (column.Kind, column.Missing));
    }

    [Fact]
    public async Task Profile_Infinities_CountAsMissingAndAreReported()
    {
        var column = await ColumnAsync("1|inf|-Infinity|1e999|2");
        Assert.Equal((ColumnKind.Number, 3, 3), (column.Kind, column.Missing, column.Findings!.Infinite));
        Assert.Equal((1, 2), (column.Numbers!.Min, column.Numbers.Max));
    }

    [Fact]
    public async Task Profile_SmallNumbers_AreExact()
    {
        var numbers = (await ColumnAsync(string.Join('|', Enumerable.Range(1, 101).Select(i => $"{i}")))).Numbers!;
        Assert.Equal((1, 101, 51), (numbers.Min, numbers.Max, numbers.Mean));
        Assert.Equal(Math.Sqrt(858.5), numbers.StandardDeviation, 9); // Variance of 1..n: n(n+1)/12.
        Assert.Equal([1, 2, 6, 11, 26, 51, 76, 91, 96, 100, 101], numbers.Quantiles);
        Assert.Equal((40, 101), (numbers.Histogram.Count, numbers.Histogram.Sum()));
    }

    [Fact]
    public async Task Profile_Frequencies_AreSortedAndDistinctCounted()
    {
        var column = await ColumnAsync("b|a|b|c|a|b");
        Assert.Equal([new("b", 3), new("a", 2), new("c", 1)], column.Top);
        Assert.Equal(3, column.Distinct);
        Assert.Equal(["b", "a", "c"], column.Examples);
    }

    [Fact]
    public async Task Profile_SeveralFiles_CountsDuplicatesWhateverTheColumnOrder()
    {
        var profile = await ProfileAsync(Spec(), "a,b\n1,x\n2,y\n1,x\n", "b,a\ny,2\nz,3\n");
        Assert.Equal((5, 2), (profile.Rows, profile.DuplicateRows));
        Assert.Equal(["a", "b"], profile.Columns.Select(c => c.Name).ToArray());
    }

    [Fact]
    public async Task Profile_FilesWithOtherColumns_AreRefused()
    {
        var fault = await Assert.ThrowsAsync<InvalidInputException>(() => ProfileAsync(Spec(), "a,b\n1,2\n", "a,c\n1,2\n"));
        Assert.Equal("columns-differ", fault.Code);
        Assert.Contains("f1.csv does not have the columns of f0.csv: it lacks 'b'; it adds 'c'", fault.Message);
    }

    [Theory]
    [InlineData("anna@example.org|x|mail: bob.b+1@mail.example.co.uk!", "email", 2)]
    [InlineData("a@b|@home|1@2.3", "email", 0)]
    [InlineData("4111 1111 1111 1111|5500-0000-0000-0004|340000000000009", "credit-card", 3)]
    [InlineData("4111111111111112|4111111111111113|4111111111111114|4111111111111111", "credit-card", 0)]
    [InlineData("DE89 3704 0044 0532 0130 00|GB82WEST12345698765432", "iban", 2)]
    [InlineData("DE89 3704 0044 0532 0130 01", "iban", 0)]
    [InlineData("192.168.1.10|2001:db8::1|::1", "ip-address", 3)]
    [InlineData("1.2.3|1.2.3.400|10:20:30", "ip-address", 0)]
    [InlineData("+49 30 1234567|(555) 123-4567|555.123.4567", "phone", 3)]
    [InlineData("2026-01-31 10:00:00|123-45|12-34-5678", "phone", 0)]
    public async Task Profile_PersonalData_IsFoundByItsShapeAndCheckDigits(string values, string kind, long count)
    {
        var column = await ColumnAsync(values);
        Assert.Equal(count, column.Personal.GetValueOrDefault(kind));
        if (count > 0) Assert.Empty(column.Examples);
        if (count > 0) Assert.Empty(column.Top);
    }

    [Fact]
    public async Task Profile_HundredThousandRows_KeepsItsErrorBounds()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        var text = new StringBuilder("x,id\n");
        for (var i = 0; i < values.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{values[i]:R},u{i}\n");
        var profile = await ProfileAsync(Spec(), text.ToString());
        var numbers = profile.Columns[0].Numbers!;
        double[] shares = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1];
        Array.Sort(values);
        for (var i = 0; i < shares.Length; i++)
            // Rank error; the sketch's standard error is about 0.2 %.
            Assert.InRange(values.Count(v => v <= numbers.Quantiles[i]) / 100_000.0, shares[i] - 0.005, shares[i] + 0.005);
        Assert.Equal(100_000, numbers.Histogram.Sum());
        Assert.All(numbers.Histogram, bin => Assert.InRange(bin, 2_000, 3_000));
        // Three and a half standard errors of HyperLogLog with 2^13 registers.
        Assert.InRange(profile.Columns[1].Distinct, 96_000, 104_000);
        Assert.Equal(ColumnKind.Text, profile.Columns[1].Kind);
    }

    [Fact]
    public async Task Profile_DeclaredCategoryPastItsCapacity_StillFindsTheFrequent()
    {
        var text = new StringBuilder("c,other\n");
        for (var i = 0; i < 200_000; i++) text.Append(CultureInfo.InvariantCulture, $"{(i % 20 == 0 ? "often" : $"v{i}")},1\n");
        var column = (await ProfileAsync(Spec("{ types: { c: category } }"), text.ToString())).Columns[0];
        Assert.Equal("often", column.Top[0].Value);
        Assert.InRange(column.Top[0].Count, 10_000, 10_200);
        Assert.InRange(column.Distinct, 182_000, 198_000);
    }

    [Fact]
    public async Task Profile_OneThreadOrMany_IsTheSame()
    {
        var blobs = new MemoryBlobs();
        var table = new MemoryStream();
        await ChurnTable.WriteAsync(table, 40_000); // Ten blocks; identifiers, times and fees outgrow their tables of values.
        table.Position = 0;
        var manifest =
            new DatasetManifest(DatasetManifest.CurrentVersion,
            [(await new FilePacker(blobs).PackAsync("f.csv", table, null, default)).File]);
        var spec = Spec("{ missing_values: [NA, '?'], quality: { columns: { postal_zone: { unique: true } } } }");
        var profiles = new List<string>();
        foreach (var threads in (int[])[1, 2, 5])
            profiles.Add(
                JsonSerializer.Serialize(await new DatasetProfiler(new DatasetFiles(blobs), threads).ProfileAsync(manifest, spec, default),
                TriOpsJson.Options));
        Assert.Equal(profiles[0], profiles[1]);
        Assert.Equal(profiles[0], profiles[2]);
    }

    [Fact]
    public async Task Profile_ValuesOfAnyLength_AreCountedApart()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 20_000).Select(_ => (char)('a' + random.Next(3)) + new string('x', random.Next(24))).ToArray();
        var column =
            (await ProfileAsync(Spec("{ types: { c: category } }"),
            "c,other\n" + string.Concat(values.Select(v => $"{v},1\n")))).Columns[0];
        var expected = values.GroupBy(v => v).Select(g => new ValueCount(g.Key, g.Count())).OrderByDescending(v => v.Count)
            .ThenBy(v => v.Value, StringComparer.Ordinal).ToList();
        Assert.Equal(expected.Count, column.Distinct);
        Assert.Equal(expected.Take(64), column.Top);
    }

    [Fact]
    public async Task Profile_FewDistinctNumbersInManyRows_AreExact()
    {
        var random = new Random(6);
        var values = Enumerable.Range(0, 50_000).Select(_ => Math.Round(random.NextDouble() * 100, 1)).ToArray();
        var numbers = (await ColumnAsync(string.Join('|', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))))).Numbers!;
        Array.Sort(values);
        double At(double share) =>
            Math.Round(values[(int)(share * 49_999)]
            + (share * 49_999 % 1) * (values[Math.Min((int)(share * 49_999) + 1, 49_999)] - values[(int)(share * 49_999)]), 9);
        Assert.Equal([At(0), At(0.01), At(0.05), At(0.1), At(0.25), At(0.5), At(0.75), At(0.9), At(0.95), At(0.99), At(1)],
            numbers.Quantiles.Select(q => Math.Round(q, 9)));
        Assert.Equal(values.Average(), numbers.Mean, 9);
        Assert.Equal(Math.Sqrt(values.Sum(v => (v - values.Average()) * (v - values.Average())) / 49_999), numbers.StandardDeviation, 9);
    }

    [Fact]
    public async Task Profile_HugeNumbers_GiveFiniteFigures() // They are written as JSON, which has no infinities.
    {
        var numbers = (await ColumnAsync("1.7e308|-1.7e308|1.7e308")).Numbers!;
        Assert.All([numbers.Mean, numbers.StandardDeviation, .. numbers.Quantiles], n => Assert.True(double.IsFinite(n)));
        Assert.Equal(1.7e308 / 3, numbers.Mean, 1e295);
    }

    [Fact]
    public async Task Profile_RepeatedInAUniqueColumn_NamesTheFirstAndItsPlace()
    {
        var rows = string.Concat(Enumerable.Range(0, 9_000).Select(i => $"{i},k{i}\n"));
        var column =
            (await ProfileAsync(Spec("{ quality: { columns: { k: { unique: true } } } }"), "n,k\n" + rows,
            "k,n\nnew,9001\nk8000,9002\nk12,9003\n")).Columns[1];
        Assert.Equal((2, "'k8000' on line 3 of f1.csv"), (column.Findings!.Repeated, column.Findings.FirstRepeated));
    }

    [Fact]
    public async Task Profile_FourThousandColumns_FewRows_LearnsEach()
    {
        var header = string.Join(',', Enumerable.Range(0, 4_096).Select(i => $"c{i}"));
        var profile =
            await ProfileAsync(Spec(),
            header + "\n"
            + string.Concat(Enumerable.Range(0, 40)
            .Select(r => string.Join(',', Enumerable.Range(0, 4_096).Select(c => r % (c + 1))) + "\n")));
        Assert.Equal((40, 4_096), (profile.Rows, profile.Columns.Count));
        Assert.Equal(Enumerable.Range(0, 4_096).Select(c => (long)Math.Min(c + 1, 40)), profile.Columns.Select(c => c.Distinct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void HashLog_MoreThanFitInMemory_CountsExactly(bool withRows)
    {
        using var log = new HashLog(withRows, inMemory: 2_000);
        var (seen, random, repeats, first) = (new HashSet<ulong>(), new Random(7), 0L, (long?)null);
        for (var row = 0L; row < 300_000; row++)
        {
            var hash = (ulong)random.NextInt64(5_000_000) * 0x9E37_79B9_7F4A_7C15;
            log.Add(hash, row);
            if (seen.Add(hash)) continue;
            repeats++;
            first ??= row;
        }
        Assert.Equal((repeats, withRows ? first : null), log.Count());
    }

    [Fact]
    public void QuantileSketch_BegunWithCountsAndThenSampled_KeepsItsErrorBound()
    {
        var (sketch, random) = (new QuantileSketch(), new Random(8));
        sketch.Seed([.. Enumerable.Range(0, 1_000).Select(i => (i / 1_000.0, 1L + i % 7))]);
        var values = Enumerable.Range(0, 1_000).SelectMany(i => Enumerable.Repeat(i / 1_000.0, 1 + i % 7)).ToList();
        var batch = new double[999];
        for (var b = 0; b < 3_000; b++)
        {
            for (var i = 0; i < batch.Length; i++) batch[i] = Math.Pow(random.NextDouble(), 3);
            sketch.Add(batch);
            values.AddRange(batch);
        }
        var kept = sketch.Weighted();
        values.Sort();
        Assert.Equal(values.Count, kept.Sum(k => k.Weight));
        Assert.True(kept.Length < 12_000);
        var below = 0L;
        foreach (var (value, weight) in kept)
        {
            below += weight;
            var rank = values.BinarySearch(value) is var at && at < 0 ? ~at : at;
            Assert.InRange((below - rank) / (double)values.Count, -0.008, 0.008); // Four standard errors.
        }
    }

    [Fact]
    public void HashSet64_AnyHashes_TellsNewFromOld()
    {
        var (set, expected, random) = (new HashSet64(), new HashSet<ulong>(), new Random(2));
        for (var i = 0; i < 50_000; i++)
        {
            var hash = (ulong)random.Next(30_000);
            Assert.Equal(expected.Add(hash), set.Add(hash));
        }
        Assert.Equal(expected.Count, set.Count);
    }

    [Theory]
    [InlineData("{ quality: { min_rows: 10 } }", "min-rows")]
    [InlineData("{ quality: { max_missing: 0.1 } }", "max-missing c")]
    [InlineData("{ quality: { max_duplicate_rows: 0.1 } }", "duplicates")]
    [InlineData("{ quality: { required: [z] } }", "required z")]
    [InlineData("{ quality: { columns: { z: { min: 1 } } } }", "required z")]
    [InlineData("{ types: { z: number } }", "required z")]
    [InlineData("{ quality: { columns: { n: { min: 2 } } } }", "range n")]
    [InlineData("{ quality: { columns: { n: { max: 2 } } } }", "range n")]
    [InlineData("{ quality: { columns: { c: { max: 2 } } } }", "range c")]
    [InlineData("{ quality: { columns: { c: { max_missing: 0 } } } }", "max-missing c")]
    [InlineData("{ quality: { columns: { c: { allowed: [red] } } } }", "allowed c")]
    [InlineData("{ quality: { columns: { n: { unique: true } } } }", "unique n")]
    [InlineData("{ types: { c: number } }", "type c")]
    [InlineData("{ privacy: { deny: [email] } }", "privacy-email m")]
    [InlineData("{ privacy: { deny: [email], allow: [m] } }", "")]
    [InlineData("{ privacy: { deny: [phone] } }", "")]
    [InlineData("{ quality: { min_rows: 4, max_missing: 0.25, max_duplicate_rows: 0.25, required: [n], columns: { n: { min: 1, max: 3 }, "
        + "c: { allowed: [red, blue] } } } }", "")]
    public async Task Rules_Table_BreaksTheRuleOrNone(string dataset, string issues)
    {
        var spec = Spec(dataset);
        var profile = await ProfileAsync(spec, "n,c,m\n1,red,a@example.org\n1,red,a@example.org\n2,blue,x\n3,,y\n");
        var verdict = QualityRules.Check(profile, spec);
        Assert.Equal(issues, string.Join("; ", verdict.Issues.Select(i => $"{i.Rule} {i.Column}".Trim())));
        Assert.Equal(issues.Length == 0, verdict.Passed);
    }

    [Fact]
    public async Task Rules_InfiniteNumbersAndSlips_WarnButPass()
    {
        var rows = string.Concat(Enumerable.Range(0, 50).Select(i => $"{i},{(i == 7 ? "inf" : $"{i}")}\n"));
        var verdict = QualityRules.Check(await ProfileAsync(Spec(), "a,b\n" + rows + "oops,1\n"), Spec());
        Assert.True(verdict.Passed);
        Assert.Equal(["mostly-number", "infinite"], verdict.Issues.Select(i => i.Rule).ToArray());
        Assert.Contains("'oops' on line 52 of f0.csv", verdict.Issues[0].Message);
    }

    [Fact]
    public async Task Rules_NumbersInTheMessage_NameFirstPlaceAndLimit()
    {
        var spec = Spec("{ quality: { columns: { c: { allowed: [red] } } } }");
        var verdict = QualityRules.Check(await ProfileAsync(spec, "c,d\nred,1\nblue,2\n"), spec);
        Assert.Equal("'c' has 1 values that are not among 'red': first 'blue' on line 3 of f0.csv.", Assert.Single(verdict.Issues).Message);
    }
}
