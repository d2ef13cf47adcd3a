using System.Text;

namespace TriOps.Core.Datasets.Profiles;

/// <summary>The most frequent values of a column. Exact up to 4,096 distinct ones. Beyond, a column whose kind is not declared gives up, since it is no category;
/// a declared one forgets its rarest half and lets newcomers start at what was forgotten.</summary>
/// <remarks>Source: A. Metwally, D. Agrawal, A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005 (Space-Saving),
/// with evictions in batches. Counts are never too small; a value with more than 1/2,048 of the rows is always found.</remarks>
internal sealed class FrequentValues(bool declared)
{
    private const int Capacity = 4096;
    private const int LongestText = 200;
    private Dictionary<ulong, Entry>? entries = [];
    private long floor;

    /// <summary>Counts a value that is known; false when it is not.</summary>
    public bool TryCount(ulong hash, out FieldFacts facts)
    {
        if (entries is null || !entries.TryGetValue(hash, out var entry))
        {
            facts = default;
            return false;
        }
        entry.Count++;
        facts = entry.Facts;
        return true;
    }

    /// <summary>Counts a value that is not known.</summary>
    public void Add(ReadOnlySpan<byte> value, ulong hash, FieldFacts facts)
    {
        if (entries is null) return;
        if (entries.Count == Capacity)
        {
            if (!declared)
            {
                entries = null;
                return;
            }
            Forget();
        }
        var text = Encoding.UTF8.GetString(value);
        entries.Add(hash, new Entry(text.Length <= LongestText ? text : text[..LongestText] + "…", facts) { Count = floor + 1 });
    }

    /// <summary>The most frequent values, most frequent first; equal ones in ordinal order.</summary>
    public IReadOnlyList<ValueCount> Top(int most) =>
        [.. (entries ?? []).Values.OrderByDescending(e => e.Count).ThenBy(e => e.Text, StringComparer.Ordinal).Take(most).Select(e => new ValueCount(e.Text, e.Count))];

    private void Forget()
    {
        var byCount = entries!.OrderBy(e => e.Value.Count).ToList();
        foreach (var (hash, _) in byCount.Take(Capacity / 2)) entries!.Remove(hash);
        floor = byCount[Capacity / 2 - 1].Value.Count;
    }

    private sealed class Entry(string text, FieldFacts facts)
    {
        public FieldFacts Facts { get; } = facts;
        public string Text { get; } = text;
        public long Count;
    }
}
