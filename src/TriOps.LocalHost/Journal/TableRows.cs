using System.Globalization;
using Azure.Data.Tables;

namespace TriOps.LocalHost.Journal;

/// <summary>Row keys of the journal's table, and long texts in entities (a property holds 32 Ki characters, an entity 512 Ki).</summary>
internal static class TableRows
{
    public const string Index = "@index";
    public const string Instance = "i";
    public const int MaxRowChars = 400_000;
    private const int Piece = 30_000;

    public static string History(int execution) => string.Create(CultureInfo.InvariantCulture, $"h-{execution:D6}-");
    public static string History(int execution, int batch, int part) => string.Create(CultureInfo.InvariantCulture, $"h-{execution:D6}-{batch:D8}-{part:D4}");
    public static string Outbox(int execution, int batch, int part) => string.Create(CultureInfo.InvariantCulture, $"o-{execution:D6}-{batch:D8}-{part:D4}");
    public static string Message(string id) => "m-" + id;
    public static string Active(string instanceId) => "a-" + instanceId;
    public static string Host(string hostId) => "h-" + hostId;
    public static string Listed(DateTimeOffset created, string instanceId) => $"l-{Core.Storage.Rows.Descending(created)}-{instanceId}";

    /// <summary>Row keys that start with <paramref name="prefix"/>, as a filter.</summary>
    public static string StartsWith(string partition, string prefix) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {prefix} and RowKey lt {prefix + '\uffff'}");

    public static void Put(TableEntity entity, string column, string text)
    {
        var n = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(Piece, text.Length - at);
            if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length--;
            entity[$"{column}{n++}"] = text.Substring(at, length);
            at += length;
        }
        entity[$"{column}Pieces"] = n;
    }

    public static string Get(TableEntity entity, string column)
    {
        var n = entity.GetInt32($"{column}Pieces") ?? throw new InvalidDataException($"Journal row {entity.PartitionKey}/{entity.RowKey} has no {column}.");
        return n == 1 ? entity.GetString($"{column}0") : string.Concat(Enumerable.Range(0, n).Select(i => entity.GetString($"{column}{i}")));
    }

    public static TableEntity Row<T>(string partition, string row, T content) => RowOf(partition, row, JournalJson.Write(content));

    public static TableEntity RowOf(string partition, string row, string json)
    {
        var entity = new TableEntity(partition, row);
        Put(entity, "Json", json);
        return entity;
    }

    public static T Read<T>(TableEntity entity) => JournalJson.Read<T>(Get(entity, "Json"));
}
