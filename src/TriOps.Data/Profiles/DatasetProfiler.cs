using System.Threading.Channels;
using TriOps.Core;
using TriOps.Core.Datasets;
using TriOps.Core.Projects;
using TriOps.Data.Csv;
using TriOps.Data.Packs;

namespace TriOps.Data.Profiles;

/// <summary>Types and profiles the files of a version in one pass, in memory that does not grow with them. One thread reads rows into
/// blocks, others look at the blocks' columns; a bounded queue lies between. The profile depends on the rows alone, not on
/// threads.</summary>
/// <param name="files">Where versions are read from.</param>
/// <param name="threads">Most columns looked at at once; as many as there are cores when null.</param>
public sealed class DatasetProfiler(DatasetFiles files, int? threads = null)
{
    private const int BlocksInFlight = 8, BlocksAtOnce = 4;
    private readonly int threads = threads ?? Environment.ProcessorCount;

    /// <summary>The profile of all files together.</summary>
    /// <exception cref="InvalidInputException">A file is no table (codes csv-…), or files differ in their columns (code
    /// columns-differ).</exception>
    public async Task<DatasetProfile> ProfileAsync(DatasetManifest manifest, DatasetSpec spec, CancellationToken ct)
    {
        TableProfiler? table = null;
        try
        {
            foreach (var file in manifest.Files)
            {
                using var reader = await CsvReader.OpenAsync(files.Open(file), file.Name, ct);
                table ??= new TableProfiler(reader.Header, file.Name, spec, threads);
                await AddAsync(table, reader, file.Name, ct);
            }
            if (table is null) return new DatasetProfile(0, 0, []);
            var repeats = table.CountRepeats();
            return table.ToProfile(repeats,
                await PlacesAsync(manifest, table,
                [.. repeats.Where(r => r.FirstRow is not null).Select(r => (r.Column, r.FirstRow!.Value))], ct));
        }
        finally { table?.Dispose(); }
    }

    private static async Task AddAsync(TableProfiler table, CsvReader reader, string file, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var order = table.Order(reader.Header, file);
        var full = Channel.CreateBounded<RowBlock>(new BoundedChannelOptions(BlocksInFlight) { SingleReader = true, SingleWriter = true });
        var free = Channel.CreateUnbounded<RowBlock>();
        var reading = Task.Run(() => ReadAsync(reader, file, order, table.Rows, full.Writer, free, stop.Token), CancellationToken.None);
        try
        {
            var blocks = new List<RowBlock>();
            while (await full.Reader.WaitToReadAsync(ct))
            {
                while (blocks.Count < BlocksAtOnce && full.Reader.TryRead(out var block)) blocks.Add(block);
                table.Add(blocks); // The more at once, the less the threads wait for each other.
                foreach (var block in blocks) free.Writer.TryWrite(block);
                blocks.Clear();
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Its fault came through the channel.
        }
    }

    private static async Task ReadAsync(CsvReader reader, string file, int[] order, long firstRow, ChannelWriter<RowBlock> full,
        Channel<RowBlock> free, CancellationToken ct)
    {
        try
        {
            for (var made = 0; ;)
            {
                if (!free.Reader.TryRead(out var block)) block = made++ < BlocksInFlight ? new RowBlock(order.Length)
                    : await free.Reader.ReadAsync(ct);
                if (!await block.FillAsync(reader, file, order, firstRow, ct)) break;
                firstRow += block.Rows;
                await full.WriteAsync(block, ct);
            }
            full.Complete();
        }
        catch (Exception e) { full.Complete(e); }
    }

    /// <summary>What stands in some cells, which is looked up by reading the files again.</summary>
    private async Task<IReadOnlyDictionary<int, string>> PlacesAsync(DatasetManifest manifest, TableProfiler table,
        IReadOnlyList<(int Column, long Row)> cells,
        CancellationToken ct)
    {
        var found = new Dictionary<int, string>();
        var row = 0L;
        foreach (var file in manifest.Files)
        {
            if (found.Count == cells.Count) break;
            using var reader = await CsvReader.OpenAsync(files.Open(file), file.Name, ct);
            var order = table.Order(reader.Header, file.Name);
            for (; found.Count < cells.Count && await reader.ReadAsync(ct); row++)
                foreach (var (column, _) in cells.Where(c => c.Row == row))
                    found[column] = ColumnProfiler.Place(reader.Field(order[column]), file.Name, reader.Line);
        }
        return found;
    }
}
