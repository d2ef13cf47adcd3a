using System.Globalization;
using System.Text;
using TriOps.Data.Csv;

namespace TriOps.Data.Samples;

/// <summary>The table of samples/churn: subscribers of a service, and whether they left. Made up, the same for the same arguments: numbers,
/// categories, a boolean, a timestamp, free text with commas and line breaks, identifiers and missing values, and a label that follows from
/// them with noise.</summary>
public static class ChurnTable
{
    private static readonly string[] Header = ["customer_id", "signed_up", "region", "plan", "postal_zone", "monthly_fee", "usage_hours",
        "support_calls", "tenure_months", "autopay", "last_note", "churned"];
    private static readonly string[] Regions = ["north", "south", "east", "west"];
    private static readonly string[] Plans = ["basic", "plus", "family", "business"];
    private static readonly string[] Notes =
        ["asked about the bill", "called twice, no answer", "said \"maybe next year\"",
        "wants:\n- a better price\n- a newer router", "happy", ""];

    /// <summary>Writes the table as UTF-8 CSV, row by row.</summary>
    /// <param name="output">Left open.</param>
    /// <param name="rows">0 or more.</param>
    /// <param name="seed">Another seed, other rows.</param>
    /// <param name="shift">0: as in training. 1: fees and support calls have risen, usage has fallen and the business plan is common;
    /// values between move the columns in proportion.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task WriteAsync(Stream output, int rows = 100_000, int seed = 1, double shift = 0, CancellationToken ct = default)
    {
        var random = new Random(seed);
        await using var writer = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
        CsvRow.Write(writer, Header);
        for (var i = 0; i < rows; i++)
        {
            CsvRow.Write(writer, Row(random, (long)seed * 10_000_000 + i, shift));
            if (i % 4096 == 4095) { ct.ThrowIfCancellationRequested(); await writer.FlushAsync(ct); }
        }
    }

    private static string[] Row(Random random, long id, double shift)
    {
        var region = Regions[random.Next(Regions.Length)];
        var plan = random.NextDouble() < 0.35 * shift ? "business" : Plans[Math.Min(random.Next(6), 3)];
        var zone = random.Next(10, 60);
        var fee = Math.Clamp(22 + 12 * Array.IndexOf(Plans, plan) + 6 * Normal(random) + 14 * shift, 5, 400);
        var usage = Math.Max(0, 55 - 25 * shift + 22 * Normal(random));
        var calls = Poisson(random, 1.1 + 1.5 * shift);
        var tenure = random.Next(1, 121);
        var autopay = random.NextDouble() < 0.6;

        // What makes people leave: many calls, a high fee, little usage, a short time; in the west, fees weigh more.
        var logit = -1.6 + 0.75 * calls + (region == "west" ? 0.06 : 0.03) * (fee - 35) - 0.025 * (usage - 50) - 0.018 * (tenure - 40)
            - (autopay ? 0.7 : 0) + (plan == "basic" ? 0.5 : 0);
        var churned = random.NextDouble() < 1 / (1 + Math.Exp(-logit));

        return
        [
            string.Create(CultureInfo.InvariantCulture, $"C{id:D10}"),
            new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(-(tenure * 43_800L + random.Next(43_800)))
            .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            random.NextDouble() < 0.02 ? "?" : region,
            plan,
            zone.ToString(CultureInfo.InvariantCulture),
            fee.ToString("F2", CultureInfo.InvariantCulture),
            random.NextDouble() < 0.05 ? "NA" : usage.ToString("F1", CultureInfo.InvariantCulture),
            calls.ToString(CultureInfo.InvariantCulture),
            random.NextDouble() < 0.03 ? "" : tenure.ToString(CultureInfo.InvariantCulture),
            autopay ? "true" : "false",
            Notes[random.Next(Notes.Length)],
            churned ? "true" : "false",
        ];
    }

    // Box and Muller, 1958.
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static int Poisson(Random random, double mean)
    {
        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-mean)); // Knuth, TAOCP 2, 3.4.1.
        for (; product > limit; count++) product *= random.NextDouble();
        return count;
    }
}
