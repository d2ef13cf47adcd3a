using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using TriOps.Core.Deployments;
using TriOps.Core.Families;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Core.Steps;
using TriOps.Data.Windows;

namespace TriOps.Activities.Monitoring;

/// <summary>Reads what one model version answered in a window from the inference log, in bounded memory. Failed requests and records that
/// do not fit the signature are left out, and so are labels that the model could not have given (an unknown class, no number): they come
/// from outside.</summary>
/// <param name="log">Where it is logged.</param>
/// <param name="request">The window.</param>
/// <param name="version">The model's version.</param>
/// <param name="labelledBefore">Labels reported later are not seen, so that the same window reads the same again.</param>
internal sealed class WindowReader(InferenceLog log, CheckRequest request, ModelVersion version, DateTimeOffset labelledBefore)
{
    /// <summary>Most predictions held in memory, unless told otherwise.</summary>
    public const int Most = 50_000;

    /// <summary>Labels count until this long after the window's end.</summary>
    private static readonly TimeSpan LabelsLate = TimeSpan.FromDays(7);
    private readonly TableSignature signature = version.Artifacts.Signature.Table;

    /// <summary>The window, sampled when it holds more than <paramref name="most"/> predictions or labels.</summary>
    public async Task<WindowSample> SampleAsync(int most, CancellationToken ct)
    {
        using var sampler = new WindowSampler(most);
        await foreach (var label in Labels(ct)) sampler.Add(label);
        await foreach (var record in RecordsAsync(ct)) sampler.Add(record, IsLabel);
        return sampler.ToSample();
    }

    /// <summary>Every labelled prediction, by time and id. When there are more labels than <paramref name="most"/>, the log is read once
    /// for each of several parts of the ids, and the order is within parts.</summary>
    public async IAsyncEnumerable<LabelledRecord> LabelledAsync(int most, [EnumeratorCancellation] CancellationToken ct)
    {
        var reports = 0L;
        await foreach (var _ in Labels(ct)) reports++;
        var parts = BitOperations.RoundUpToPowerOf2((ulong)Math.Max(1, (reports + most - 1) / most));
        for (var part = 0UL; part < parts; part++)
        {
            bool IsHere(string id) => (WindowSampler.HashOf(id) & (parts - 1)) == part;
            var labels = new Dictionary<string, LabelRecord>();
            await foreach (var label in Labels(ct))
                if (IsHere(label.Id) && (!labels.TryGetValue(label.Id, out var known) || known.At <= label.At)) labels[label.Id] = label;
            var rows = new Dictionary<string, LabelledRecord>();
            await foreach (var record in RecordsAsync(ct))
                if (labels.TryGetValue(record.Id, out var label) && IsLabel(label.Label)) rows[record.Id] = new(record, label.Label);
            foreach (var row in rows.Values.OrderBy(r => r.Record.At).ThenBy(r => r.Record.Id, StringComparer.Ordinal)) yield return row;
        }
    }

    private IAsyncEnumerable<LabelRecord> Labels(CancellationToken ct)
    {
        var latest = request.To + LabelsLate;
        return log.ReadLabelReportsAsync(request.Deployment, request.From, labelledBefore < latest ? labelledBefore : latest, ct);
    }

    private async IAsyncEnumerable<InferenceRecord> RecordsAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var record in log.ReadRequestsAsync(request.Deployment, request.From, request.To, ct))
            if (record.Version == version.Number && record.Error is null && record.Numbers.Length == signature.Numbers.Count
                && record.Categories.Length == signature.Categories.Count && record.Outputs.Length == signature.Outputs)
                yield return record;
    }

    private bool IsLabel(string label) => signature.Task == TaskKind.Regression
        ? float.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && float.IsFinite(y)
        : signature.Classes.Contains(label);
}
