using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Csv;

namespace TriOps.Data.Profiles;

/// <summary>Learns the columns of a table, and how many of its rows repeat.</summary>
internal sealed class TableProfiler : IDisposable
{
    private const int Wide = 512; // Columns from which each is given less memory.
    private readonly IReadOnlyList<string> header;
    private readonly string firstFile;
    private readonly ColumnProfiler[] columns;
    private readonly RowHash rowHash;
    private readonly HashLog rows = new();
    private readonly ParallelOptions parallel;
    private ulong[] hashes = [];

    /// <summary>For files with these columns.</summary>
    /// <param name="header">Column names of the first file.</param>
    /// <param name="file">Its name.</param>
    /// <param name="spec">What triops.yaml says of the dataset.</param>
    /// <param name="threads">Most columns looked at at once.</param>
    public TableProfiler(IReadOnlyList<string> header, string file, DatasetSpec spec, int threads)
    {
        (this.header, firstFile, rowHash) = (header, file, new RowHash(header));
        parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) };
        var missing = new MissingValues(spec.MissingValues);
        var (capacity, sketch) = header.Count <= Wide ? (4096, 1024) : (1024, 256);
        columns = [.. header.Select(name => new ColumnProfiler(name, spec, missing, capacity, sketch))];
    }

    /// <summary>Rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Per column of the table, its place in a file that has the columns in another order, perhaps.</summary>
    /// <exception cref="InvalidInputException">The file has other columns (code columns-differ).</exception>
    public int[] Order(IReadOnlyList<string> names, string file)
    {
        var place = names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        var lacking = header.Where(h => !place.ContainsKey(h)).Take(20).ToList();
        var extra = names.Except(header, StringComparer.Ordinal).Take(20).ToList();
        if (lacking.Count + extra.Count > 0)
            throw new InvalidInputException("columns-differ",
                $"{file} does not have the columns of {firstFile}:{List(" it lacks ", lacking)}{List(" it adds ", extra)}. "
                + $"The files of a dataset form one table; upload it under the name {firstFile} to replace that file, or to "
                + $"another dataset.");
        return [.. header.Select(h => place[h])];
        static string List(string verb, List<string> names) => names.Count == 0 ? ""
            : $"{verb}{string.Join(", ", names.Select(n => $"'{n}'"))};";
    }

    /// <summary>Learns blocks, the ones after the last. Each column is one thread's meanwhile.</summary>
    public void Add(IReadOnlyList<RowBlock> blocks)
    {
        if (parallel.MaxDegreeOfParallelism == 1 || columns.Length == 1)
            for (var c = 0; c < columns.Length; c++) Learn(c);
        else Parallel.For(0, columns.Length, parallel, Learn);
        foreach (var block in blocks)
        {
            if (hashes.Length < block.Rows) hashes = new ulong[block.Rows];
            rowHash.Of(block, hashes.AsSpan(0, block.Rows));
            foreach (var hash in hashes.AsSpan(0, block.Rows)) rows.Add(hash);
            Rows += block.Rows;
        }

        void Learn(int column)
        {
            foreach (var block in blocks) columns[column].Add(block, column);
        }
    }

    /// <summary>Per column whose values must be unique: how many repeat an earlier one, and the row of the first.</summary>
    public IReadOnlyList<(int Column, long Repeats, long? FirstRow)> CountRepeats() =>
        [.. columns.Select((c, i) => (c.Unique, i)).Where(c => c.Unique is not null)
            .Select(c => c.Unique!.Count() is var (repeats, row) ? (c.i, repeats, row) : default)];

    /// <summary>What was learned.</summary>
    /// <param name="repeats">From <see cref="CountRepeats"/>.</param>
    /// <param name="places">Per column, what stands in the first cell that repeats another.</param>
    public DatasetProfile ToProfile(IReadOnlyList<(int Column, long Repeats, long? FirstRow)> repeats,
        IReadOnlyDictionary<int, string> places)
    {
        var byColumn = repeats.ToDictionary(r => r.Column, r => r.Repeats);
        return new(Rows, rows.Count().Repeats,
            [.. columns.Select((c, i) => c.ToProfile(byColumn.GetValueOrDefault(i), places.GetValueOrDefault(i)))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        rows.Dispose();
        foreach (var column in columns) column.Unique?.Dispose();
    }
}
