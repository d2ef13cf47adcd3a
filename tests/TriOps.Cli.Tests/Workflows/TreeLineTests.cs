using TriOps.Cli.CommandLine;
using TriOps.Cli.Output;
using TriOps.Cli.Tests.Fakes;
using TriOps.Cli.Workflows;
using TriOps.Core.Compute;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Steps;
using TriOps.Core.Workflows;

namespace TriOps.Cli.Tests.Workflows;

public sealed class TreeLineTests
{
    [Fact]
    public void Of_StepsOfOneName_ShareALineThatCountsThem()
    {
        var node = WorkflowNode.Leaf(Samples.Ended("t", "TrainModel"), Samples.Step(0, "NextTrials", 1), Samples.Step(1, "NextTrials", 4),
            Samples.Step(2, "NextTrials", null));

        var line = Assert.Single(TreeLine.Of(node, Samples.Noon.AddSeconds(20)).Below);

        Assert.Equal(("next trials 2/3", LineState.Running, 20.0), (line.Text, line.State, line.Took.TotalSeconds));
    }

    [Fact]
    public void Of_StepsOfOneNameWithAPauseBetween_TookWithoutThePause()
    {
        var node =
            WorkflowNode.Leaf(Samples.Ended("d", "DeployModel"), Samples.Step(0, "CheckHealth", 1), Samples.Step(600, "CheckHealth", 2));

        Assert.Equal(3.0, Assert.Single(TreeLine.Of(node, Samples.Noon.AddHours(1)).Below).Took.TotalSeconds);
    }

    [Fact]
    public void Of_EndedStep_TookFromScheduledToEnded()
    {
        var line =
            Assert.Single(
            TreeLine.Of(WorkflowNode.Leaf(Samples.Ended("i", "IngestDataset"), Samples.Step(3, "ProfileDataset", 2.5)),
            Samples.Noon.AddHours(1)).Below);

        Assert.Equal(("profile", LineState.Done, 2.5), (line.Text, line.State, line.Took.TotalSeconds));
    }

    [Fact]
    public void Of_Trials_ShowFamilyAndObjective()
    {
        var job = Samples.Ended("job-1", "RunJob", Samples.JobDone(1, 0.98765), new JobRequest("job-1", 1, TimeSpan.FromMinutes(5)));
        var node = Train(job, 1, ModelFamily.LightGbm);

        var line = Assert.Single(TreeLine.Of(node, Samples.Noon).Below);

        Assert.Equal("trial 1 LightGBM: 0.9876", line.Text.Replace("0.9877", "0.9876", StringComparison.Ordinal));
        Assert.Empty(line.Below);
    }

    [Fact]
    public void Of_FailedTrial_IsMarkedWithItsError()
    {
        var job = Samples.Ended("job-1", "RunJob", new JobEnd("job-1", 3, JobOutcome.Lost, Error: "silent for 20 s"),
            new JobRequest("job-1", 1, TimeSpan.FromMinutes(5)));

        var line = Assert.Single(TreeLine.Of(Train(job, 1, ModelFamily.Mlp), Samples.Noon).Below);

        Assert.Equal((LineState.Failed, "trial 1 neural network: lost, silent for 20 s"), (line.State, line.Text));
    }

    [Fact]
    public void Of_FailedStep_SaysWhy()
    {
        var node =
            WorkflowNode.Leaf(Samples.Failed("i", "IngestDataset", "disk full"),
            Samples.Step(0, "StageFile", failure: new StepFailure("IOException", "disk full")));

        var line = TreeLine.Of(node, Samples.Noon);

        Assert.Equal((LineState.Failed, "ingest: disk full"), (line.State, line.Text));
        Assert.Equal("chunk and store: disk full", line.Below[0].Text);
    }

    [Fact]
    public void Of_Timers_AreLeftOut()
    {
        var node = WorkflowNode.Leaf(Samples.Ended("d", "DeployModel"), Samples.Step(0, "timer", kind: "timer"),
            Samples.Step(1, "PromoteRevision"));

        Assert.Equal("promote", Assert.Single(TreeLine.Of(node, Samples.Noon).Below).Text);
    }

    [Fact]
    public void PlainProgress_ShownTwice_TellsEachEndedLineOnce()
    {
        var output = new StringWriter();
        var progress =
            new PlainProgress(new Screen(new Shell(output, TextWriter.Null, _ => null, "/", false, TimeProvider.System), json: false));
        var running = new WorkflowInstance("i", "IngestDataset", WorkflowStatus.Running, Samples.Noon, Samples.Noon);

        progress.Show(
            TreeLine.Of(WorkflowNode.Leaf(running, Samples.Step(0, "StageFile"), Samples.Step(1, "ProfileDataset", null)), Samples.Noon));
        progress.Show(
            TreeLine.Of(
            WorkflowNode.Leaf(running with { Status = WorkflowStatus.Completed }, Samples.Step(0, "StageFile"),
            Samples.Step(1, "ProfileDataset")), Samples.Noon));

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("ingest › chunk and store", lines[0]);
        Assert.Contains("ingest › profile", lines[1]);
    }

    [Fact]
    public void PlainProgress_MoreStepsOfANameFollow_TellsThemAllInOneLine()
    {
        var output = new StringWriter();
        var progress =
            new PlainProgress(new Screen(new Shell(output, TextWriter.Null, _ => null, "/", false, TimeProvider.System), json: false));
        var running = new WorkflowInstance("t", "TrainModel", WorkflowStatus.Running, Samples.Noon, Samples.Noon);

        progress.Show(TreeLine.Of(WorkflowNode.Leaf(running, Samples.Step(0, "NextTrials")), Samples.Noon));
        progress.Show(
            TreeLine.Of(
            WorkflowNode.Leaf(running, Samples.Step(0, "NextTrials"), Samples.Step(1, "NextTrials"), Samples.Step(2, "RegisterModel")),
            Samples.Noon));

        Assert.Contains("train › next trials 2/2", Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void Label_TextWithMarkupAndEscapes_IsShownAsText()
    {
        var label = TreeView.Label(new TreeLine("k", "step: [red]not markup[/]\u001b[31m", LineState.Done, TimeSpan.Zero, []));

        Assert.Contains("[[red]]not markup[[/]]", label);
        Assert.DoesNotContain('\u001b', label);
    }

    private static WorkflowNode Train(WorkflowInstance job, int trial, ModelFamily family) =>
        new(Samples.Ended("train-1", "TrainModel"), [Samples.Step(0, "RunJob", kind: "workflow", child: job.InstanceId)],
            new Dictionary<string, WorkflowNode> { [job.InstanceId] = WorkflowNode.Leaf(job) },
            new Dictionary<int, Trial> { [trial] = Samples.Trial(trial, family) });
}
