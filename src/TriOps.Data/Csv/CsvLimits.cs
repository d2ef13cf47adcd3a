namespace TriOps.Data.Csv;

/// <summary>What a CSV file may demand of the reader.</summary>
/// <param name="MaxColumns">1 to 65,536; 4,096 by default.</param>
/// <param name="MaxCell">Bytes of one field as written; 1 MiB by default.</param>
/// <param name="MaxRow">Bytes of one row as written; 16 MiB by default.</param>
public sealed record CsvLimits(int MaxColumns = 4096, int MaxCell = 1 << 20, int MaxRow = 16 << 20);
