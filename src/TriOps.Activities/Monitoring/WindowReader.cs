using System.Globalization;
using TriOps.Core.Deployments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;

namespace TriOps.Activities.Monitoring;

/// <summary>A prediction of a window, with its label where one was reported.</summary>
public sealed record WindowRow(InferenceRecord Record, string? Label);

/// <summary>Reads a window's predictions from the inference log.</summary>
internal sealed class WindowReader(InferenceLog log)
{
    /// <summary>Labels count until this long after the window's end.</summary>
    private static readonly TimeSpan LabelsLate = TimeSpan.FromDays(7);

    /// <summary>What one model version answered in the window, by time and id. Failed requests and records that do not fit the signature are left out, and so
    /// are labels that the model could not have given (an unknown class, no number): they come from outside.</summary>
    /// <param name="request">The window.</param>
    /// <param name="version">Of the model.</param>
    /// <param name="signature">Of the model.</param>
    /// <param name="labelledBefore">Labels reported later are not seen, so that the same window reads the same again.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<IReadOnlyList<WindowRow>> ReadAsync(CheckRequest request, int version, ModelSignature signature, DateTimeOffset labelledBefore, CancellationToken ct)
    {
        var outputs = signature.Task == TaskKind.Regression ? 1 : signature.Classes.Count;
        var latest = request.To + LabelsLate;
        var labels = await log.ReadLabelsAsync(request.Deployment, request.From, labelledBefore < latest ? labelledBefore : latest, ct);
        var rows = new Dictionary<string, WindowRow>();
        await foreach (var record in log.ReadRequestsAsync(request.Deployment, request.From, request.To, ct))
            if (record.Version == version && record.Error is null && record.Numbers.Length == signature.Numbers.Count && record.Categories.Length == signature.Categories.Count && record.Outputs.Length == outputs)
                rows[record.Id] = new(record, labels.TryGetValue(record.Id, out var label) && IsLabel(signature, label) ? label : null);
        return [.. rows.Values.OrderBy(r => r.Record.At).ThenBy(r => r.Record.Id, StringComparer.Ordinal)];
    }

    private static bool IsLabel(ModelSignature signature, string label) => signature.Task == TaskKind.Regression
        ? float.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var y) && float.IsFinite(y)
        : signature.Classes.Contains(label);
}
