using System.Text.Json;
using TriOps.Cli.CommandLine;
using TriOps.Cli.Tests.Fakes;
using TriOps.Core.Deployments;
using TriOps.Core.Experiments;
using TriOps.Core.Families;
using TriOps.Core.Monitoring;
using TriOps.Core.Steps;

namespace TriOps.Cli.Tests.Commands;

public sealed class ActionCommandTests : IDisposable
{
    private readonly TestCli cli = new();

    [Fact]
    public async Task PipelineRun_WithoutWait_PrintsTheRunsId()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/projects/clinic/pipelines/diagnosis/runs", new { workflowId = "train-7", runId = "train-7" }, 202);

        var ran = await cli.RunAsync("pipeline", "run", "diagnosis", "--project", "clinic", "--data-version", "3", "--url",
            host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Equal("train-7", ran.Json.GetProperty("runId").GetString());
        Assert.Contains("\"datasetVersion\":3", host.Requests[0].Body);
    }

    [Fact]
    public async Task PipelineRun_GateRefuses_ExitsWith11AndTheReason()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/projects/clinic/pipelines/diagnosis/runs", new { workflowId = "train-7", runId = "train-7" }, 202)
            .On("GET /api/workflows/train-7", Samples.Ended("train-7", "TrainModel", Samples.Trained(2, Samples.Refused)))
            .OnList("GET /api/workflows/train-7/steps", Samples.Step(0, "PlanTraining"))
            .OnList("GET /api/runs/train-7/trials");

        var ran = await cli.RunAsync("pipeline", "run", "diagnosis", "--project", "clinic", "--wait", "--url", host.Url);

        Assert.Equal(Exit.Refused, ran.Code);
        Assert.Contains("auc 0.91 is below the champion's 0.97", ran.Out);
    }

    [Fact]
    public async Task Deploy_Alias_IsSentAsItIs()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/deployments", new { workflowId = "deploy-1" }, 202);

        var ran = await cli.RunAsync("deploy", "diagnosis:challenger", "--project", "clinic", "--strategy", "canary", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        var body = JsonDocument.Parse(host.Requests[0].Body).RootElement;
        Assert.Equal(("clinic", "diagnosis", "challenger", "canary"),
            (body.GetProperty("project").GetString(), body.GetProperty("model").GetString(), body.GetProperty("version")
            .GetString(), body.GetProperty("strategy").GetString()));
        Assert.False(body.TryGetProperty("deployment", out _));
    }

    [Fact]
    public async Task Deploy_RolledBack_ExitsWith11AndTheReason()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("POST /api/deployments", new { workflowId = "deploy-1" }, 202)
            .On("GET /api/workflows/deploy-1",
            Samples.Ended("deploy-1", "DeployModel", new DeployResult(null, RevisionState.RolledBack, "p95 is 5 times the old revision's")))
            .OnList("GET /api/workflows/deploy-1/steps", Samples.Step(0, "CreateRevision"));

        var ran = await cli.RunAsync("deploy", "diagnosis:2", "--project", "clinic", "--wait", "--url", host.Url);

        Assert.Equal(Exit.Refused, ran.Code);
        Assert.Contains("p95 is 5 times", ran.Out);
    }

    [Fact]
    public async Task Predict_RowsFromCsvFeaturesOnly_SendsThemWithTheModelsTypesAndSaysWhatItLeftOut()
    {
        await using var host = await FakeHost.StartAsync();
        Predicting(host);
        cli.Write("rows.csv", "mean_radius,smoker,site,diagnosis\n17.5,true,007,malignant\n,no,b,benign\n");

        var ran = await cli.RunAsync("predict", "diagnosis", "--file", "rows.csv", "--features-only", "--project", "clinic",
            "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        Assert.Contains("0.97", ran.Out);
        var rows =
            JsonDocument.Parse(host.Single("POST /api/projects/clinic/deployments/diagnosis/predict").Body).RootElement.GetProperty("rows");
        Assert.Equal("""{"mean_radius":17.5,"smoker":1,"site":"007"}""", rows[0].GetRawText());
        Assert.Equal("""{"mean_radius":null,"smoker":0,"site":"b"}""", rows[1].GetRawText());
        Assert.Contains("Left out, as no features of the model: diagnosis.", ran.Out);
    }

    /// <summary>A column that the model does not know is the host's to refuse; left out, its row would be one of missing values, and
    /// predicted.</summary>
    [Fact]
    public async Task Predict_ColumnTheModelDoesNotKnow_IsSentAndRefused()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/deployments/diagnosis", Samples.Deployed(4))
            .On("GET /api/projects/clinic/models/diagnosis/versions/4", Samples.Model(4))
            .OnProblem("POST /api/projects/clinic/deployments/diagnosis/predict", 400, "column-unknown",
            "Row 0 has column 'agee', which the model does not use.");

        var ran = await cli.RunAsync("predict", "diagnosis", "--row", """{"agee": 1, "smoker": "yes"}""", "--project", "clinic",
            "--url", host.Url);

        Assert.Equal(Exit.Error, ran.Code);
        Assert.Contains("column 'agee'", ran.Error);
        Assert.Equal("""{"rows":[{"agee":"1","smoker":1}]}""", host.Single("POST /api/projects/clinic/deployments/diagnosis/predict").Body);
    }

    [Fact]
    public async Task Predict_ColumnsThatARowLacks_AreNamed()
    {
        await using var host = await FakeHost.StartAsync();
        host.On("GET /api/projects/clinic/deployments/diagnosis", Samples.Deployed(4))
            .On("GET /api/projects/clinic/models/diagnosis/versions/4", Samples.Model(4))
            .On("POST /api/projects/clinic/deployments/diagnosis/predict",
            new { predictions = new[] { new { id = "p1", label = "benign", probabilities = new { benign = 0.9 } } }, revision = 2,
            modelVersion = 4, absent = new[] { "site", "smoker" } });

        var ran = await cli.RunAsync("predict", "diagnosis", "--row", """{"mean_radius": 17.5}""", "--project", "clinic",
            "--url", host.Url);

        Assert.Contains("Absent, and taken as missing values: site, smoker.", ran.Out);
    }

    [Fact]
    public async Task Predict_OneRowAsJson_PrintsThePrediction()
    {
        await using var host = await FakeHost.StartAsync();
        Predicting(host);

        var ran = await cli.RunAsync("predict", "diagnosis", "--row", """{"mean_radius": 17.5}""", "--project", "clinic", "--url",
            host.Url, "--json");

        Assert.Equal("malignant", ran.Json.GetProperty("predictions")[0].GetProperty("label").GetString());
        Assert.Equal(4, ran.Json.GetProperty("modelVersion").GetInt32());
    }

    [Fact]
    public async Task Predict_MalformedJson_IsAUsageError()
    {
        var ran = await cli.RunAsync("predict", "diagnosis", "--row", "{nope", "--project", "clinic", "--url", "http://127.0.0.1:1");

        Assert.Equal(Exit.Usage, ran.Code);
        Assert.Contains("--row", ran.Error);
    }

    [Fact]
    public async Task Drift_ColumnsMoved_ShowsWhichAndByHowMuch()
    {
        await using var host = await FakeHost.StartAsync();
        var target = new DeploymentRef(Samples.Clinic, Samples.Endpoint);
        var window = new Window("w1", target, Samples.Noon, Samples.Noon.AddHours(1), 1, 400, 400, Samples.Id, true, Samples.Noon);
        var result =
            new CheckResult("w1", true,
            new Response(ResponseKind.RetrainWithFeedback, "a1", null, "2 columns moved; retraining with 400 labelled rows"),
            [Samples.Trained(2, Samples.Passed)]);
        host.On("POST /api/projects/clinic/deployments/diagnosis/check", new { workflowId = "check-1", windowId = "w1" }, 202)
            .On("GET /api/workflows/check-1", Samples.Ended("check-1", "CheckDeployment", result))
            .OnList("GET /api/workflows/check-1/steps", Samples.Step(0, "CompareWindow"))
            .OnList("GET /api/projects/clinic/deployments/diagnosis/windows", window)
            .On("GET /api/projects/clinic/deployments/diagnosis/windows/w1/report",
            new DriftReport([Samples.Column("mean_radius", 14.1, 19.8, true), Samples.Column("mean_texture", 19.3, 19.2, false)], 400, 340,
            true, new Dictionary<string, double> { ["accuracy"] = 0.71 }));

        var ran = await cli.RunAsync("drift", "diagnosis", "--minutes", "60", "--project", "clinic", "--url", host.Url);

        Assert.Equal(Exit.Ok, ran.Code);
        var line = ran.Out.Split('\n').Single(l => l.StartsWith("mean_radius", StringComparison.Ordinal));
        Assert.Contains("14.1", line);
        Assert.Contains("19.8", line);
        Assert.Contains("moved", line);
        Assert.Contains("1 of 2 columns moved", ran.Out);
        Assert.Contains("accuracy 0.71", ran.Out);
        Assert.Contains("retraining with 400 labelled rows", ran.Out);
        Assert.Contains("clinic/diagnosis:2 passed its gate", ran.Out);
        Assert.Contains("\"from\":", host.Requests[0].Body);
    }

    [Fact]
    public async Task Status_Json_HoldsChildrenUnderTheirParents()
    {
        await using var host = await FakeHost.StartAsync();
        var parent = Samples.Ended("ingest-1", "IngestDataset");
        host.OnList("GET /api/workflows", parent, Samples.Ended("train-1", "TrainModel") with { ParentId = "ingest-1" })
            .On("GET /api/workflows/ingest-1", parent)
            .OnList("GET /api/workflows/ingest-1/steps", Samples.Step(0, "StageFile"),
            Samples.Step(1, "TrainModel", kind: "workflow", child: "train-1"))
            .On("GET /api/workflows/train-1", Samples.Ended("train-1", "TrainModel"))
            .OnList("GET /api/workflows/train-1/steps", Samples.Step(0, "PlanTraining"))
            .OnList("GET /api/runs/train-1/trials", Samples.Trial(0, ModelFamily.Mlp));

        var ran = await cli.RunAsync("status", "--url", host.Url, "--json");

        Assert.Equal(Exit.Ok, ran.Code);
        var root = Assert.Single(ran.Json.GetProperty("items").EnumerateArray());
        Assert.Equal("train-1", root.GetProperty("children")[0].GetProperty("id").GetString());
    }

    private static void Predicting(FakeHost host) => host
        .On("GET /api/projects/clinic/deployments/diagnosis", Samples.Deployed(4))
        .On("GET /api/projects/clinic/models/diagnosis/versions/4", Samples.Model(4))
        .On("POST /api/projects/clinic/deployments/diagnosis/predict", new
        {
            predictions = new[] { new { id = "p1", label = "malignant", probabilities = new { benign = 0.03, malignant = 0.97 } } },
                revision = 2, modelVersion = 4,
        });

    public void Dispose() => cli.Dispose();
}
