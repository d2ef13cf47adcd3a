using TriOps.Core.Names;

namespace TriOps.Core.Projects;

/// <summary>The project file that 'triops init' writes: every key with its meaning and its default.</summary>
public static class ProjectTemplate
{
    /// <summary>A commented triops.yaml for <paramref name="project"/>; it parses as it stands.</summary>
    public static string Commented(ProjectName project) => $$"""
        # TriOps project file. 'triops up' applies it; every key is described in triops.schema.json (served at /schemas/triops.schema.json).
        # Durations are a whole number and a unit: 30s, 10m, 2h, 1d. Values shown after "default" need not be written.
        version: 1
        project: {{project}}
        description: What this project predicts, and for whom.

        datasets:
          # A dataset is the CSV files in inbox/{{project}}/<dataset>/ together. Each upload makes an immutable version of it.
          customers:
            types: {}                  # Overrule inferred column types: { zip_code: category }. number, boolean, category, timestamp, text.
            missing_values: ["NA", "?"] # Texts that mean "no value", besides the empty field. Default: none.
            quality:                   # A version that breaks a rule is kept, but quarantined: nothing trains on it.
              min_rows: 100            # Default 1.
              max_missing: 0.5         # Share of missing values allowed in any column, 0 to 1. Default 1.
              max_duplicate_rows: 0.1  # Share of rows that repeat an earlier one. Default 1.
              required: [outcome]      # Columns that must exist.
              columns:                 # Rules by column; each key is optional.
                age: { min: 0, max: 130, max_missing: 0.1 }
                outcome: { allowed: ["yes", "no"], unique: false }
            privacy:
              deny: [email, phone, credit-card, iban, ip-address] # Personal data that quarantines a version. Default: none.
              allow: []                # Columns that are not looked at.

        pipelines:
          # A pipeline trains on every new version of its dataset, and deploys what passes its gate.
          outcome:
            dataset: customers
            task: binary               # binary, multiclass or regression.
            label: outcome             # The column to predict.
            positive: "yes"            # Binary only: the value that is looked for.
            exclude: [customer_id]     # Columns that are no features, such as identifiers.
            model: outcome             # Name in the registry. Default: the pipeline's name.
            compute: cpu               # Profile of the machine its jobs run on, as the installation names them.
            split: { train: 0.6, validation: 0.2, test: 0.2, seed: 7 } # Shares sum to 1.
            search:
              trials: 20               # Settings tried in all.
              parallel: 2              # At once.
              families: [lightgbm, linear, mlp]
              objective: auc           # A metric: auc, f1, log_loss, rmse, … Default: by task (auc, or rmse).
              trial_timeout: 10m
              seed: 7
            evaluation:
              slices: []               # Columns whose values are evaluated apart: [region].
              confidence: 0.95         # Of the intervals.
            gate:                      # What must hold on the test rows before a version may be deployed.
              min: { auc: 0.7 }        # For metrics where more is better.
              max: {}                  # For metrics where less is better: { log_loss: 0.6 }.
              slice_min: {}            # In every slice of 30 rows or more.
              champion: { metric: auc, margin: 0.005 } # Not worse than the serving version by more than the margin.
            deploy:                    # Leave it out to register versions without deploying them.
              name: outcome            # What clients call. Default: the pipeline's name.
              strategy: canary         # canary or immediate.
              steps: [10, 50]          # Percent of the traffic, step by step.
              hold: 5m                 # How long each step lasts.
              approval: null           # A duration: wait that long for a person, then give up. { within: 1h, by: other }: not for who asked. Default: nobody is asked.
              health: { max_error_rate: 0.02, max_latency_ratio: 2, min_requests: 20 } # A canary outside them is rolled back.
              monitor:
                schedule: "0 * * * *"  # Cron, five fields, UTC.
                min_rows: 100          # Fewer predictions than this are not judged.
                threshold: 0.2         # Population stability index above which a column has moved.
                significance: 0.01     # Largest p-value at which a shift counts.
                share: 0.1             # Share of columns that must have moved for an alert; 0: any column.
                retrain: { on_drift: false, cooldown: 1d, min_labels: 100 }
        """;
}
