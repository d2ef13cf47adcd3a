using TriOps.Core;

namespace TriOps.Data.Csv;

/// <summary>How a table's faults are told.</summary>
internal static class CsvFault
{
    /// <summary>An error that names the file.</summary>
    public static InvalidInputException Of(string code, string file, string message) => new(code, $"{file}: {message}");
}
