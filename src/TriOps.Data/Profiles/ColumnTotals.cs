using TriOps.Core.Datasets;
using TriOps.Data.Csv;


namespace TriOps.Data.Profiles;

/// <summary>What a column's values add up to.</summary>
/// <param name="declared">Its kind, where triops.yaml says so.</param>
internal sealed class ColumnTotals(ColumnKind? declared)
{
    /// <summary>Rows with a value; without; finite numbers; texts; NaN; infinite; not allowed; not of the declared kind.</summary>
    public long Present, Missing, Numbers, NotNumbers, NaNs, Infinite, NotAllowed, WrongKind;

    /// <summary>Whether every text so far is a boolean; a date or time.</summary>
    public bool AllBooleans = true, AllTimestamps = true;

    /// <summary>What looks like personal data.</summary>
    public PersonalData Personal { get; } = new();

    /// <summary>Counts a value that occurred <paramref name="times"/> times.</summary>
    public void Count(in FieldFacts facts, long times)
    {
        if (facts.IsMissing)
        {
            Missing += times;
            return;
        }
        Present += times;
        if (facts.Personal != PersonalShapes.None) Personal.Count(facts.Personal, times);
        if (!facts.IsAllowed) NotAllowed += times;
        switch (facts.Kind)
        {
            case NumberKind.Finite: Numbers += times; break;
            case NumberKind.NaN: NaNs += times; break;
            case NumberKind.Infinite: Infinite += times; break;
            default:
                NotNumbers += times;
                AllBooleans &= facts.IsBoolean;
                AllTimestamps &= facts.IsTimestamp;
                if (IsWrong(facts)) WrongKind += times;
                break;
        }
    }

    /// <summary>Whether a text is not of the declared kind.</summary>
    public bool IsWrong(in FieldFacts facts) => declared == ColumnKind.Boolean ? !facts.IsBoolean : declared == ColumnKind.Timestamp
        && !facts.IsTimestamp;
}
