using TriOps.Data.Csv;


namespace TriOps.Data.Profiles;

/// <summary>Everything a column asks of one value. Learned once for each distinct value as long as a column has few.</summary>
/// <param name="Kind">Read as a number.</param>
/// <param name="Number">When finite.</param>
/// <param name="Personal">Read as personal data.</param>
/// <param name="IsBoolean">Read as a boolean.</param>
/// <param name="IsTimestamp">Read as a date or time.</param>
/// <param name="IsAllowed">Among the values the column's rule allows.</param>
/// <param name="IsMissing">No value at all.</param>
internal readonly record struct FieldFacts(NumberKind Kind, double Number, PersonalShapes Personal, bool IsBoolean, bool IsTimestamp,
    bool IsAllowed = true, bool IsMissing = false)
{
    /// <summary>Of a field without a value.</summary>
    public static readonly FieldFacts Missing = new(NumberKind.None, double.NaN, PersonalShapes.None, false, false, IsMissing: true);
}
