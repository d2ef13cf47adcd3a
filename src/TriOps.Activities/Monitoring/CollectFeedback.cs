using System.Text;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Datasets.Csv;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Monitoring;

/// <summary>Writes a window's labelled predictions to the inbox, as a file in the columns of the dataset the model was trained on. The file is written once
/// and holds the same bytes whenever it is made, so its ETag, and with it the ingestion's instance id, is the one the inbox trigger sees too.</summary>
public sealed class CollectFeedback(IBlobs blobs, ModelRegistry registry, DeploymentTable deployments, DatasetCatalog datasets, ProjectStore projects, InferenceLog log)
    : IActivity<WindowVerdict, IngestRequest>
{
    /// <inheritdoc/>
    public static ActivityName<WindowVerdict, IngestRequest> Name => MonitorSteps.CollectFeedback;

    /// <inheritdoc/>
    public async Task<IngestRequest> Run(WindowVerdict input, CancellationToken ct)
    {
        var window = input.Window;
        var deployment = await deployments.GetAsync(window.Deployment, ct);
        var version = await registry.GetAsync(new(deployment.Project, deployment.Model, window.ModelVersion), ct);
        var (project, dataset) = (version.Data.Project, version.Data.Dataset);
        var file = $"feedback-{window.Deployment.Name}-{window.Id}.csv";
        var path = new BlobPath(Containers.Inbox, $"{project}/{dataset}/{file}");
        var written = await blobs.FindAsync(path, ct) ?? await blobs.WriteAsync(path, await CsvAsync(input, version, ct), WriteMode.IfAbsent, ct);
        return new(project, dataset, new(file, written.ETag, written.Length), RunReason.Drift);
    }

    private async Task<byte[]> CsvAsync(WindowVerdict input, ModelVersion version, CancellationToken ct)
    {
        var trained = await datasets.GetAsync(version.Data, ct);
        var head = await datasets.HeadAsync(version.Data.Project, version.Data.Dataset, ct) ?? trained;
        var spec = (await projects.FindAsync(version.Data.Project, ct))?.File.Datasets.GetValueOrDefault(version.Data.Dataset);
        var columns = head.Columns.Select(c => new FeedbackColumn(c, version.Artifacts.Signature, spec?.Quality ?? new QualitySpec())).ToList();
        var rows = (await new WindowReader(log).ReadAsync(input.Request, version.Number, version.Artifacts.Signature, input.Window.CreatedAt, ct)).Where(r => r.Label is not null).ToList();
        if (rows.Count == 0) throw new ConflictException("feedback-missing", $"No prediction of window {input.Window.Id} has a label any more: there is nothing to learn from.");
        var text = new StringWriter();
        CsvRow.Write(text, [.. head.Columns.Select(c => c.Name)]);
        foreach (var row in rows) CsvRow.Write(text, [.. columns.Select(c => c.Text(row))]);
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
