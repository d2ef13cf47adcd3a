using TriOps.Core.Names;

namespace TriOps.Core.Datasets;

/// <summary>Looks whether the blobs that a dataset's versions are made of are there. Changes nothing; may be repeated.</summary>
public interface IDatasetCheck
{
    /// <summary>Finds every committed or quarantined version whose manifest, profile or packs are missing or cut off.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="dataset">Of what.</param>
    /// <param name="read">Read the head's files, too, and hold every chunk against its hash: takes as long as reading them.</param>
    /// <param name="ct">Cancels.</param>
    Task<DatasetCheckReport> RunAsync(ProjectName project, DatasetName dataset, bool read, CancellationToken ct);
}

/// <summary>A version whose blobs are not what they were.</summary>
/// <param name="Version">Its number.</param>
/// <param name="IsHead">Whether uploads go on from it.</param>
/// <param name="Message">What is missing or changed.</param>
public sealed record DatasetFault(int Version, bool IsHead, string Message);

/// <summary>What a check found.</summary>
/// <param name="Versions">How many versions were looked at.</param>
/// <param name="Head">Number of the head, or null.</param>
/// <param name="Faults">Newest version first; none when all is well.</param>
public sealed record DatasetCheckReport(int Versions, int? Head, IReadOnlyList<DatasetFault> Faults);
