using TriOps.Core.Datasets.Csv;
using TriOps.Core.Datasets.Packs;
using TriOps.Core.Projects;

namespace TriOps.Core.Datasets.Profiles;

/// <summary>Types and profiles the files of a version in one pass, in memory that grows with the number of distinct rows only (8 to 16 bytes each).</summary>
public sealed class DatasetProfiler(DatasetFiles files)
{
    /// <summary>The profile of all files together.</summary>
    /// <exception cref="InvalidInputException">A file is no table (codes csv-…), or files differ in their columns (code columns-differ).</exception>
    public async Task<DatasetProfile> ProfileAsync(DatasetManifest manifest, DatasetSpec spec, CancellationToken ct)
    {
        Table? table = null;
        foreach (var file in manifest.Files)
        {
            using var reader = await CsvReader.OpenAsync(files.Open(file), file.Name, ct);
            table ??= new Table(reader.Header, file.Name, spec);
            table.Begin(reader.Header, file.Name);
            while (await reader.ReadAsync(ct))
                do table.Add(reader);
                while (reader.TryRead());
        }
        return table?.ToProfile() ?? new DatasetProfile(0, 0, []);
    }

    private sealed class Table
    {
        private readonly IReadOnlyList<string> header;
        private readonly string firstFile;
        private readonly ColumnProfiler[] columns;
        private readonly MissingValues missing;
        private readonly RowHash rowHash;
        private readonly HashSet64 rows = new();
        private readonly ulong[] hashes;
        private int[] at = [];
        private string file = "";
        private long count, duplicates;

        public Table(IReadOnlyList<string> header, string file, DatasetSpec spec)
        {
            (this.header, firstFile, missing, rowHash, hashes) = (header, file, new MissingValues(spec.MissingValues), new RowHash(header), new ulong[header.Count]);
            var sketch = header.Count <= 512 ? 1024 : 256;
            columns = [.. header.Select(name => new ColumnProfiler(name, spec.Types.TryGetValue(name, out var kind) ? kind : null, spec.Quality.Columns?.GetValueOrDefault(name), sketch))];
        }

        /// <summary>Starts a file; its columns may stand in another order than the first file's.</summary>
        public void Begin(IReadOnlyList<string> names, string name)
        {
            file = name;
            var place = names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
            var lacking = header.Where(h => !place.ContainsKey(h)).Take(20).ToList();
            var extra = names.Where(n => !header.Contains(n)).Take(20).ToList();
            if (lacking.Count + extra.Count > 0)
                throw new InvalidInputException("columns-differ", $"{name} does not have the columns of {firstFile}:{List(" it lacks ", lacking)}{List(" it adds ", extra)}. "
                    + $"The files of a dataset form one table; upload it under the name {firstFile} to replace that file, or to another dataset.");
            at = [.. header.Select(h => place[h])];
            static string List(string verb, List<string> names) => names.Count == 0 ? "" : $"{verb}{string.Join(", ", names.Select(n => $"'{n}'"))};";
        }

        public void Add(CsvReader row)
        {
            count++;
            for (var i = 0; i < columns.Length; i++)
            {
                var field = row.Field(at[i]);
                var hash = hashes[i] = RowHash.OfField(field);
                if (missing.Includes(field)) columns[i].AddMissing();
                else columns[i].Add(field, hash, file, row.Line);
            }
            if (!rows.Add(rowHash.Of(hashes))) duplicates++;
        }

        public DatasetProfile ToProfile() => new(count, duplicates, [.. columns.Select(c => c.ToProfile())]);
    }
}
