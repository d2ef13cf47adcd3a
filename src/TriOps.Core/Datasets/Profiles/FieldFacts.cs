using TriOps.Core.Datasets.Csv;

namespace TriOps.Core.Datasets.Profiles;

/// <summary>Everything a column asks of one value. Learned once for each distinct value as long as a column has few.</summary>
/// <param name="Kind">Read as a number.</param>
/// <param name="Number">When finite.</param>
/// <param name="IsBoolean">Read as a boolean.</param>
/// <param name="IsTimestamp">Read as a date or time.</param>
/// <param name="Personal">Read as personal data.</param>
internal readonly record struct FieldFacts(NumberKind Kind, double Number, bool IsBoolean, bool IsTimestamp, PersonalShapes Personal);
