using TriOps.Core.Datasets;
using TriOps.Core.Families;
using TriOps.Core.Names;
using TriOps.Core.Projects;
using TriOps.Data.Csv;
using TriOps.Testing;

namespace TriOps.Core.Tests.Projects;

public sealed class ProjectFileParserTests
{
    private const string Smallest = """
        version: 1
        project: demo
        datasets: { table: {} }
        pipelines:
          guess: { dataset: table, task: binary, label: y, positive: "1" }
        """;

    [Fact]
    public void Parse_EveryKeySet_ReadsEveryValue()
    {
        var file = ProjectFileParser.Parse("""
            version: 1
            project: breast-cancer
            description: Tumours.
            datasets:
              tumours:
                types: { zip: category }
                missing_values: ["NA", "?"]
                quality: { min_rows: 100, max_missing: 0.2, max_duplicate_rows: 0.1, required: [diagnosis], columns: { mean_radius: { min: 0, max: 100, max_missing: 0.5 }, diagnosis: { allowed: [benign, malignant] }, sample_id: { unique: true } } }
                privacy: { deny: [email, credit-card], allow: [note] }
            pipelines:
              diagnosis:
                dataset: tumours
                task: binary
                label: diagnosis
                positive: malignant
                exclude: [sample_id]
                model: tumour
                compute: gpu-t4
                split: { train: 0.5, validation: 0.25, test: 0.25, seed: 9 }
                search: { trials: 8, parallel: 3, families: [mlp, lightgbm], objective: log_loss, trial_timeout: 5m, seed: 3 }
                evaluation: { slices: [mean_texture], confidence: 0.9 }
                gate: { min: { auc: 0.95 }, max: { log_loss: 0.4 }, slice_min: { accuracy: 0.8 }, champion: { metric: auc, margin: -0.005 } }
                deploy:
                  name: live
                  strategy: immediate
                  steps: [5, 20, 60]
                  hold: 5s
                  approval: 2d
                  health: { max_error_rate: 0.1, max_latency_ratio: 3, min_requests: 7 }
                  monitor: { schedule: "*/5 * * * *", min_rows: 50, threshold: 0.3, significance: 0.05, share: 0.1, retrain: { on_drift: true, cooldown: 1h, min_labels: 30 } }
            """);

        Assert.Equal("breast-cancer", file.Project.Value);
        Assert.Equal("Tumours.", file.Description);
        var data = file.Datasets[DatasetName.Parse("tumours")];
        Assert.Equal(ColumnKind.Category, data.Types["zip"]);
        Assert.Equal(["NA", "?"], data.MissingValues);
        Assert.Equal((100, 0.2, 0.1), (data.Quality.MinRows, data.Quality.MaxMissing, data.Quality.MaxDuplicateRows));
        Assert.Equal(["diagnosis"], data.Quality.Required!);
        Assert.Equal(new ColumnRule(0, 100, 0.5), data.Quality.Columns!["mean_radius"]);
        Assert.Equal(["benign", "malignant"], data.Quality.Columns["diagnosis"].Allowed!);
        Assert.True(data.Quality.Columns["sample_id"].Unique);
        Assert.Equal(["email", "credit-card"], data.Privacy.Deny);
        Assert.Equal(["note"], data.Privacy.Allow);
        var p = file.Pipelines[PipelineName.Parse("diagnosis")];
        Assert.Equal(("tumours", TaskKind.Binary, "diagnosis", "malignant", "tumour"),
            (p.Dataset.Value, p.Task, p.Label, p.Positive, p.Model.Value));
        Assert.Equal("gpu-t4", p.Compute!.Value.Value);
        Assert.Equal(new SplitSpec(0.5, 0.25, 0.25, 9), p.Split);
        Assert.Equal((8, 3, "log_loss", TimeSpan.FromMinutes(5), 3),
            (p.Search.Trials, p.Search.Parallel, p.Search.Objective, p.Search.TrialTimeout, p.Search.Seed));
        Assert.Equal([ModelFamily.Mlp, ModelFamily.LightGbm], p.Search.Families);
        Assert.Equal(0.9, p.Evaluation.Confidence);
        Assert.Equal((0.95, 0.4, 0.8), (p.Gate.Min["auc"], p.Gate.Max["log_loss"], p.Gate.SliceMin["accuracy"]));
        Assert.Equal(new ChampionRule("auc", -0.005), p.Gate.Champion);
        var d = p.Deploy!;
        Assert.Equal(("live", Strategy.Immediate, TimeSpan.FromSeconds(5), TimeSpan.FromDays(2)),
            (d.Name.Value, d.Strategy, d.Hold, d.Approval));
        Assert.Equal([5, 20, 60], d.Steps);
        Assert.Equal(new HealthSpec(0.1, 3, 7), d.Health);
        Assert.Equal(new MonitorSpec("*/5 * * * *", 50, 0.3, 0.05, 0.1, new RetrainSpec(true, TimeSpan.FromHours(1), 30)), d.Monitor);
    }

    [Fact]
    public void Parse_OnlyWhatIsNeeded_TakesTheDefaults()
    {
        var pipeline = ProjectFileParser.Parse(Smallest).Pipelines[PipelineName.Parse("guess")];
        Assert.Equal("guess", pipeline.Model.Value);
        Assert.Equal(new SplitSpec(0.6, 0.2, 0.2, 7), pipeline.Split);
        Assert.Equal((20, 3), (pipeline.Search.Trials, pipeline.Search.Families.Count));
        Assert.Null(pipeline.Search.Objective);
        Assert.Null(pipeline.Gate.Champion);
        Assert.Null(pipeline.Deploy);
        Assert.Null(pipeline.Compute);
    }

    [Fact]
    public void Parse_ApprovalNull_AsksNobody()
    {
        var deploy =
            ProjectFileParser.Parse(
            Smallest.Replace("positive: \"1\" }", "positive: \"1\", deploy: { approval: null } }")).Pipelines.Values.Single().Deploy!;
        Assert.Null(deploy.Approval);
        Assert.Equal([10, 50], deploy.Steps);
        Assert.Equal("guess", deploy.Name.Value);
    }

    [Theory]
    [InlineData("version: 1", "version: 2", "line 1, column 10: version: expected a whole number from 1 to 1, found '2'.")]
    [InlineData("version: 1\n", "", "'version' is missing")]
    [InlineData("project: demo", "project: Demo_1", "line 2, column 10: project: 'Demo_1' is not a project name")]
    [InlineData("datasets:", "dataset:", "line 3, column 1: unknown key 'dataset'. Did you mean 'datasets'?")]
    [InlineData("table: {}", "table: { quality: { min_row: 3 } }",
        "datasets.table.quality: unknown key 'min_row'. Did you mean 'min_rows'?")]
    [InlineData("table: {}", "table: { quality: { max_missing: 2 } }", "expected a number from 0 to 1, found '2'")]
    [InlineData("table: {}", "table: { quality: { max_missing: \"0.1\" } }", "expected a number from 0 to 1")]
    [InlineData("table: {}", "table: { quality: { columns: { a: { min: .nan } } } }", "expected a number, found '.nan'")]
    [InlineData("table: {}", "table: { quality: { columns: { a: { min: 5, max: 1 } } } }", "min (5) is above max (1)")]
    [InlineData("table: {}", "table: { types: { a: int } }", "'int' is not a column type")]
    [InlineData("table: {}", "table: { privacy: { deny: [emails] } }",
        "'emails' is not a kind of personal data: email, phone, credit-card, iban, ip-address. Did you mean 'email'?")]
    [InlineData("table: {}", "table: [1]", "expected keys and values (types, missing_values, quality, privacy), found a list")]
    [InlineData("table: {}", "Table: {}", "'Table' is not a dataset name")]
    [InlineData("dataset: table", "dataset: tabel",
        "line 5, column 21: pipelines.guess.dataset: there is no dataset 'tabel' under datasets. Did you mean 'table'?")]
    [InlineData("task: binary", "task: binry", "'binry' is not one of binary, multiclass, regression. Did you mean 'binary'?")]
    [InlineData("task: binary, ", "", "'task' is missing")]
    [InlineData("label: y, ", "", "'label' is missing")]
    [InlineData(", positive: \"1\"", "", "a binary task needs the positive class")]
    [InlineData("task: binary", "task: regression", "a regression task has no positive class")]
    [InlineData("label: y", "label: y, compute: GPU", "'GPU' is not a compute profile name")]
    [InlineData("label: y", "label: y, exclude: [y]", "'y' is the label")]
    [InlineData("label: y", "label: y, exclude: y", "expected a list like [a, b], found 'y'")]
    [InlineData("label: y", "label: y, split: { train: 0.9 }", "train + validation + test = 1.3; the shares must sum to 1")]
    [InlineData("label: y", "label: y, split: { train: 0.8, test: 0 }", "must each be above 0")]
    [InlineData("label: y", "label: y, search: { trials: 0 }", "expected a whole number from 1 to 1000, found '0'")]
    [InlineData("label: y", "label: y, search: { families: [lightgmb] }",
        "'lightgmb' is not a model family: linear, lightgbm, mlp. Did you mean 'lightgbm'?")]
    [InlineData("label: y", "label: y, search: { families: [mlp, mlp] }", "'mlp' is listed twice")]
    [InlineData("label: y", "label: y, search: { families: [] }", "the list is empty")]
    [InlineData("label: y", "label: y, search: { objective: rmse }", "'rmse' is not a metric of a binary task")]
    [InlineData("label: y", "label: y, search: { trial_timeout: 5 minutes }",
        "expected a duration like 30s, 10m, 2h or 1d (at most 366d), found '5 minutes'")]
    [InlineData("label: y", "label: y, gate: { min: { acuracy: 0.8 } }",
        "'acuracy' is not a metric of a binary task: accuracy, balanced_accuracy, precision, recall, f1, auc, average_precision, "
        + "log_loss, brier, ece. Did you mean 'accuracy'?")]
    [InlineData("label: y", "label: y, gate: { min: { log_loss: 0.8 } }", "put its limit under max")]
    [InlineData("label: y", "label: y, gate: { champion: { margin: 0.1 } }", "'metric' is missing")]
    [InlineData("label: y", "label: y, deploy: { steps: [50, 10] }", "each larger than the one before")]
    [InlineData("label: y", "label: y, deploy: { steps: [100] }", "from 1 to 99")]
    [InlineData("label: y", "label: y, deploy: { strategy: shadow }", "'shadow' is not one of immediate, canary")]
    [InlineData("label: y", "label: y, deploy: { monitor: { schedule: \"99 * * * *\" } }", "'99 * * * *' is not a cron expression")]
    [InlineData("label: y", "label: y, deploy: { monitor: { retrain: { on_drift: yes } } }", "expected true or false, found 'yes'")]
    [InlineData("label: y", "label: y, evaluation: { confidence: 95 }", "expected a number from 0.5 to 0.9999, found '95'")]
    [InlineData("label: y", "label: y, label: z", "the key 'label' stands here for the second time")]
    [InlineData("project: demo", "project: &a demo", "anchors (&name) are not read")]
    [InlineData("label: y", "label: *a", "aliases (*name) are not read")]
    [InlineData("label: y", "label: !!binary y", "tags (!name) are not read")]
    [InlineData("label: y", "label: [y", "this is not YAML")]
    [InlineData("version: 1", "version: 1\n---\nversion: 1", "a second document begins here")]
    public void Parse_OneMistake_SaysWhereWhatAndWhatToDo(string right, string wrong, string message)
    {
        Assert.Contains(right, Smallest);
        var error = Assert.Throws<InvalidInputException>(() => ProjectFileParser.Parse(Smallest.Replace(right, wrong)));
        Assert.Equal("project-file-invalid", error.Code);
        Assert.True(error.Message.Contains(message), error.Message);
        Assert.Matches(@"line \d+, column \d+: ", error.Message);
    }

    [Fact]
    public void Parse_ManyMistakes_ReportsAllAtOnceByLine()
    {
        var error = Assert.Throws<InvalidInputException>(() => ProjectFileParser.Parse(
            "version: 1\nproject: BAD\ndatasets: { t: { typs: {} } }\npipelines:\n  p: { dataset: u, task: binary, label: y }\n"));
        Assert.StartsWith("triops.yaml has 4 mistakes:", error.Message);
        Assert.Equal(["line 2", "line 3", "line 5", "line 5"], error.Message.Split('\n').Where(l => l.StartsWith("  line"))
            .Select(l => l.Trim().Split(',')[0]).ToArray());
    }

    [Fact]
    public void Parse_TwoPipelinesOnOneDeployment_IsRefused()
    {
        var error =
            Assert.Throws<InvalidInputException>(
            () => ProjectFileParser.Parse(Smallest.Replace("positive: \"1\" }", "positive: \"1\", deploy: { name: x } }")
            + "\n  other: { dataset: table, task: regression, label: z, deploy: { name: x } }"));
        Assert.Contains("the deployment 'x' is already fed by pipeline 'guess'", error.Message);
    }

    [Theory]
    [InlineData("", "the text is empty")]
    [InlineData("just words", "expected keys and values")]
    [InlineData("- a\n- b", "expected keys and values")]
    [InlineData("\t\t:\n-", "this is not YAML")]
    public void Parse_NoMapping_IsRefused(string yaml, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(() => ProjectFileParser.Parse(yaml)).Message);

    [Fact]
    public void Parse_TooLong_IsRefusedUnread() =>
        Assert.Contains("at most 262,144 are read",
            Assert.Throws<InvalidInputException>(() => ProjectFileParser.Parse(new string('a', 300_000))).Message);

    [Fact]
    public void Parse_TooDeep_IsRefused() =>
        Assert.Contains("nested more than 16 deep",
            Assert.Throws<InvalidInputException>(
            () => ProjectFileParser.Parse("a: " + new string('[', 100) + new string(']', 100))).Message);

    [Fact]
    public void Parse_TooManyValues_IsRefused() =>
        Assert.Contains("more than 20,000 values",
            Assert.Throws<InvalidInputException>(
            () => ProjectFileParser.Parse("a: [" + string.Join(',', Enumerable.Repeat("1", 30_000)) + "]")).Message);

    [Fact]
    public void Template_AsWritten_ParsesToTheDocumentedProject()
    {
        var file = ProjectFileParser.Parse(ProjectTemplate.Commented(ProjectName.Parse("mine")));
        Assert.Equal("mine", file.Project.Value);
        Assert.NotNull(Assert.Single(file.Pipelines).Value.Deploy);
    }

    [Theory]
    [InlineData("breast-cancer")]
    [InlineData("churn")]
    public void Sample_AsShipped_Parses(string sample) =>
        Assert.Equal(sample,
            ProjectFileParser.Parse(File.ReadAllText(Path.Combine(Repository.Root, "samples", sample, "triops.yaml"))).Project.Value);

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("1500ms", 1.5)]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    public void Duration_Written_ReadsAndWritesBack(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out var read));
        Assert.Equal(seconds, read.TotalSeconds);
        Assert.Equal(text, Duration.Format(read));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1.5h")]
    [InlineData("1w")]
    [InlineData("99999999999d")]
    [InlineData("9999999999999999999999s")]
    public void Duration_NotADuration_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));
}
