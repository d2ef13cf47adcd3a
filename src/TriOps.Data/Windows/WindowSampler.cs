using System.IO.Hashing;
using System.Runtime.InteropServices;
using TriOps.Core.Deployments;
using TriOps.Data.Profiles;

namespace TriOps.Data.Windows;

/// <summary>Takes a window's labels, then its predictions, in any order and of any number, and keeps a bounded sample: the predictions, and
/// the labelled ones, whose ids' hashes are smallest. Nothing is left out as long as there are no more than the bound; the same records
/// give the same sample.</summary>
/// <param name="most">Most predictions kept, most labels, and most labelled predictions.</param>
/// <remarks>Bottom-k sampling by hash, whose k-th smallest hash also tells how many there were: Cohen and Kaplan, PODC 2007.</remarks>
public sealed class WindowSampler(int most) : IDisposable
{
    private readonly Smallest<LabelRecord> labels = new(most, l => l.At);
    private readonly Smallest<InferenceRecord> rows = new(most, r => r.At);
    private readonly Smallest<InferenceRecord> labelled = new(most, r => r.At);
    private readonly HashLog ids = new();
    private long seen;

    /// <summary>The hash of a prediction's id.</summary>
    public static ulong HashOf(string id) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan()));

    /// <summary>Takes a label. Of several for one id the latest counts.</summary>
    public void Add(LabelRecord label) => labels.Add(label.Id, label);

    /// <summary>Takes a prediction; all labels are there already. Of several with one id the latest counts.</summary>
    /// <param name="record">As logged.</param>
    /// <param name="isLabel">Whether the model could have given this label.</param>
    public void Add(InferenceRecord record, Func<string, bool> isLabel)
    {
        seen++;
        ids.Add(rows.Add(record.Id, record));
        if (labels.Find(record.Id) is { } label && isLabel(label.Label)) labelled.Add(record.Id, record);
    }

    /// <summary>What was kept.</summary>
    public WindowSample ToSample()
    {
        var kept = labelled.Values;
        return new((int)Math.Min(int.MaxValue, seen - ids.Count().Repeats),
            (int)Math.Min(int.MaxValue, Math.Round(kept.Count / labels.Share)),
            [.. rows.Values.OrderBy(r => r.At).ThenBy(r => r.Id, StringComparer.Ordinal)],
            [.. kept.OrderBy(r => r.At).ThenBy(r => r.Id, StringComparer.Ordinal)
                .Select(r => new LabelledRecord(r, labels.Find(r.Id)!.Label))]);
    }

    /// <inheritdoc/>
    public void Dispose() => ids.Dispose();

    /// <summary>The values whose ids' hashes are smallest.</summary>
    private sealed class Smallest<T>(int most, Func<T, DateTimeOffset> time) where T : class
    {
        private readonly Dictionary<string, T> values = [];
        private readonly PriorityQueue<string, ulong> largestFirst = new(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        private ulong limit = ulong.MaxValue; // Hashes from here on were left out.

        public IReadOnlyCollection<T> Values => values.Values;

        /// <summary>Of all there were, how many of a hash below the limit: 1 when none was left out.</summary>
        public double Share => limit == ulong.MaxValue ? 1 : limit / Math.Pow(2, 64);

        public T? Find(string id) => values.GetValueOrDefault(id);

        /// <summary>Takes a value; returns its id's hash.</summary>
        public ulong Add(string id, T value)
        {
            var hash = HashOf(id);
            if (values.TryGetValue(id, out var known))
            {
                if (time(value) >= time(known)) values[id] = value;
            }
            else if (hash < limit)
            {
                values[id] = value;
                largestFirst.Enqueue(id, hash);
                if (values.Count > most && largestFirst.TryDequeue(out var gone, out limit)) values.Remove(gone);
            }
            return hash;
        }
    }
}

/// <summary>A window's predictions, sampled when there are many.</summary>
/// <param name="Rows">Predictions in it.</param>
/// <param name="Labelled">How many have a label; an estimate when there are more labels than the sampler's bound.</param>
/// <param name="Sample">All predictions, or a uniform sample; by time and id.</param>
/// <param name="LabelledSample">All labelled predictions, or a uniform sample; by time and id.</param>
public sealed record WindowSample(int Rows, int Labelled, IReadOnlyList<InferenceRecord> Sample,
    IReadOnlyList<LabelledRecord> LabelledSample);

/// <summary>A prediction with the label reported for it.</summary>
public sealed record LabelledRecord(InferenceRecord Record, string Label);
