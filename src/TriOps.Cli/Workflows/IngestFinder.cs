using TriOps.Cli.Api;
using TriOps.Cli.CommandLine;
using TriOps.Core.Datasets;
using TriOps.Core.Names;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Workflows;

/// <summary>Finds the workflow that an upload started.</summary>
internal sealed class IngestFinder(ApiClient api, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest a trigger takes to see a blob; on Azure, events take seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>Waits until the trigger has seen the upload.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="dataset">Of what.</param>
    /// <param name="file">Its name in the inbox.</param>
    /// <param name="etag">Of the uploaded blob, without quotes.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="CliException">No trigger took it in time (exit 1).</exception>
    public async Task<string> WaitAsync(ProjectName project, DatasetName dataset, string file, string etag, CancellationToken ct)
    {
        var start = time.GetTimestamp();
        var prefix = Prefix(project, dataset);
        while (true)
        {
            foreach (var instance in await api.WorkflowsAsync(prefix, 50, ct))
                if (await IsOfAsync(instance, file, etag, ct)) return instance.InstanceId;
            if (time.GetElapsedTime(start) > Limit)
                throw new CliException(Exit.Error, "upload-unseen",
                    $"{file} lies in inbox/{project}/{dataset}/, but no ingest started within {Limit.TotalSeconds:0} s. Look at the "
                    + $"host's log; the upload itself is safe.");
            await Task.Delay(Pause, time, ct);
        }
    }

    private async Task<bool> IsOfAsync(WorkflowInstance instance, string file, string etag, CancellationToken ct)
    {
        if (instance.Input is null) instance = await api.WorkflowAsync(instance.InstanceId, ct); // lists may leave inputs out
        return WorkflowNode.Leaf(instance).Input<IngestRequest>() is { } request && request.Source.File == file
        && request.Source.ETag.Trim('"') == etag;
    }

    /// <summary>What the ids of a dataset's ingests start with.</summary>
    private static string Prefix(ProjectName project, DatasetName dataset)
    {
        var id = new IngestRequest(project, dataset, new SourceFile("", "", 0)).InstanceId;
        return id[..(id.LastIndexOf('-') + 1)];
    }
}
