using System.Runtime.CompilerServices;
using DurableTask.Core.History;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace TriOps.Durable;

/// <summary>Histories as Durable's Azure Storage back end hands them out: a JSON array of its own events, written and read by its own
/// serialiser.</summary>
public static class DurableHistory
{
    private static readonly Dictionary<EventType, Type> Types = typeof(HistoryEvent).Assembly.GetTypes()
        .Where(t => t.IsSubclassOf(typeof(HistoryEvent)) && !t.IsAbstract)
        .GroupBy(t => ((HistoryEvent)RuntimeHelpers.GetUninitializedObject(t)).EventType).ToDictionary(g => g.Key, g => g.First());

    /// <summary>The events of a history.</summary>
    public static IReadOnlyList<HistoryEvent> Read(string json) =>
        [.. JArray.Parse(json).Select(e => (HistoryEvent)e.ToObject(Types[(EventType)(int)e["EventType"]!])!)];

    /// <summary>The same way back, indented: for files.</summary>
    public static string Write(IEnumerable<HistoryEvent> history) => JsonConvert.SerializeObject(history, Formatting.Indented);
}
