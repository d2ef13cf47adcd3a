using System.Text.RegularExpressions;
using TriOps.Core.Deployments;
using TriOps.Core.Names;

namespace TriOps.Core.Monitoring;

/// <summary>The file of a window's labelled predictions in the inbox, by its name: feedback-{deployment}-{window}.csv. Whoever sees the upload first knows from it
/// why the data is there; that there is such a window must still be looked up, for anybody may upload a file of such a name.</summary>
public sealed partial record FeedbackFile(DeploymentRef Deployment, string WindowId)
{
    /// <summary>The file's name within its dataset.</summary>
    public string Name => $"feedback-{Deployment.Name}-{WindowId}.csv";

    /// <summary>What the name says; null for a file that is no feedback.</summary>
    /// <param name="project">The project whose inbox it is in.</param>
    /// <param name="file">The file's name within its dataset.</param>
    public static FeedbackFile? Parse(ProjectName project, string file) =>
        Pattern().Match(file) is { Success: true } found && DeploymentName.TryParse(found.Groups["deployment"].Value, null, out var deployment)
            ? new(new(project, deployment), found.Groups["window"].Value) : null;

    [GeneratedRegex(@"\Afeedback-(?<deployment>[a-z0-9-]{1,63})-(?<window>[0-9]{8}T[0-9]{6}Z-[0-9]{8}T[0-9]{6}Z)\.csv\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
