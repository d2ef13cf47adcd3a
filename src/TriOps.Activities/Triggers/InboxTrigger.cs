using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Storage;
using TriOps.Core.Workflows;

namespace TriOps.Activities.Triggers;

/// <summary>A blob in inbox/{project}/{dataset}/{file} starts its ingestion.</summary>
public sealed class InboxTrigger(IWorkflows workflows)
{
    /// <summary>Starts IngestDataset for this blob as it is now. The instance id is made from path and ETag: a second event for one upload
    /// does nothing.</summary>
    /// <param name="blob">Its ETag without quotes, as <see cref="IBlobs"/> gives it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The instance, and whether it was started now.</returns>
    /// <exception cref="InvalidInputException">The path is not {project}/{dataset}/{file} (code inbox-path): trying again will not
    /// help.</exception>
    public async Task<InboxStart> HandleAsync(BlobInfo blob, CancellationToken ct)
    {
        var parts = blob.Path.Name.Split('/', 3);
        if (blob.Path.Container != Containers.Inbox || parts.Length != 3 || !ProjectName.TryParse(parts[0], null, out var project)
            || !DatasetName.TryParse(parts[1], null, out var dataset))
            throw new InvalidInputException("inbox-path",
                $"'{blob.Path}' does not say what it belongs to. Upload it as inbox/{{project}}/{{dataset}}/{{file}}; project and dataset "
                + $"are names of 1 to {NameRule.MaxLength} characters of a-z, 0-9 and '-'.");
        var request = new IngestRequest(project, dataset, new SourceFile(parts[2], blob.ETag, blob.Length));
        return new(request.InstanceId, await workflows.StartAsync(IngestSteps.Workflow, request, request.InstanceId, ct));
    }
}

/// <summary>What became of a blob in the inbox.</summary>
/// <param name="WorkflowId">Its ingestion.</param>
/// <param name="IsNew">False: it had been started before.</param>
public sealed record InboxStart(string WorkflowId, bool IsNew)
{
    /// <summary>The instance and what it did, for a log: "started {id}" or "was ingested already, by {id}".</summary>
    public override string ToString() => IsNew ? $"started {WorkflowId}" : $"was ingested already, by {WorkflowId}";
}
