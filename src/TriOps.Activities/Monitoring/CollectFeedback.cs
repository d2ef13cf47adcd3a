using System.Text;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Models;
using TriOps.Core.Monitoring;
using TriOps.Core.Projects;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;
using TriOps.Data.Csv;

namespace TriOps.Activities.Monitoring;

/// <summary>Writes a window's labelled predictions as a file in the columns of the dataset the model was trained on, and asks for its
/// ingestion. The file is written once and holds the same bytes whenever it is made: a repeated call asks for the same. It is put together
/// in a temporary file, part by part: neither the window nor the file has to fit in memory.</summary>
/// <param name="most">About how many labelled predictions are held in memory.</param>
public sealed class CollectFeedback(IBlobs blobs, ModelRegistry registry, DeploymentTable deployments, DatasetCatalog datasets,
    ProjectStore projects, InferenceLog log, int most = WindowReader.Most)
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
        var path = DatasetPaths.Feedback(project, dataset, file);
        var written = await blobs.FindAsync(path, ct) ?? await WriteAsync(path, input, version, ct);
        return new(project, dataset, new(file, written.ETag, written.Length), RunReason.Drift, path, window.Node);
    }

    private async Task<BlobInfo> WriteAsync(BlobPath path, WindowVerdict input, ModelVersion version, CancellationToken ct)
    {
        var trained = await datasets.GetAsync(version.Data, ct);
        var head = await datasets.HeadAsync(version.Data.Project, version.Data.Dataset, ct) ?? trained;
        var spec = (await projects.FindAsync(version.Data.Project, ct))?.File.Datasets.GetValueOrDefault(version.Data.Dataset);
        var columns = head.Columns.Select(c => new FeedbackColumn(c, version.Artifacts.Signature.Table, spec?.Quality ?? new QualitySpec()))
            .ToList();
        await using var file = new FileStream(Path.Combine(Path.GetTempPath(), $"triops-{Guid.NewGuid():n}.csv"), FileMode.CreateNew,
            FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        var rows = 0;
        await using (var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true))
        {
            CsvRow.Write(text, [.. head.Columns.Select(c => c.Name)]);
            await foreach (var row in new WindowReader(log, input.Request, version, input.Window.CreatedAt).LabelledAsync(most, ct))
            {
                CsvRow.Write(text, [.. columns.Select(c => c.Text(row))]);
                rows++;
            }
        }
        if (rows == 0)
            throw new ConflictException("feedback-missing",
                $"No prediction of window {input.Window.Id} has a label any more: there is nothing to learn from.");
        file.Position = 0;
        return await blobs.WriteAsync(path, file, WriteMode.IfAbsent, ct);
    }
}
