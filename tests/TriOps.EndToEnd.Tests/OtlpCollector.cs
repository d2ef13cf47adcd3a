using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TriOps.Core.Steps;

namespace TriOps.EndToEnd.Tests;

/// <summary>A span as it was exported.</summary>
/// <param name="Service">service.name of its process.</param>
/// <param name="Trace">Trace id, 32 hex.</param>
/// <param name="Id">Span id, 16 hex.</param>
/// <param name="Parent">The parent's span id; empty for a root.</param>
/// <param name="Name">What it is.</param>
internal sealed record ExportedSpan(string Service, string Trace, string Id, string Parent, string Name);

/// <summary>Takes spans and metrics by OTLP over HTTP, on a free loopback port.</summary>
/// <remarks>The messages are read by field numbers, from opentelemetry-proto v1: trace.proto, metrics.proto, resource.proto,
/// common.proto.</remarks>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, ExportedSpan> spans = [];
    private readonly ConcurrentDictionary<(string Service, string Metric), bool> metrics = [];

    private OtlpCollector(WebApplication app) => this.app = app;

    /// <summary>What a process is told so that it exports here, often.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] =
            app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "200", ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
    };

    public IReadOnlyCollection<ExportedSpan> Spans => [.. spans.Values];

    public IReadOnlyCollection<(string Service, string Metric)> Metrics => [.. metrics.Keys];

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", context => TakeAsync(context, collector.TakeSpans));
        app.MapPost("/v1/metrics", context => TakeAsync(context, collector.TakeMetrics));
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(body.ToArray());
        context.Response.ContentType = "application/x-protobuf"; // an empty response message: all was taken
    }

    /// <summary>ExportTraceServiceRequest.resource_spans = 1 { resource = 1, scope_spans = 2 { spans = 2 { trace_id = 1, span_id = 2,
    /// parent_span_id = 4, name = 5 } } }.</summary>
    private void TakeSpans(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
            foreach (var span in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
                spans[Hex(span, 2)] = new(Service(resource), Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(Fields(span, 5).Single()));
    }

    /// <summary>ExportMetricsServiceRequest.resource_metrics = 1 { resource = 1, scope_metrics = 2 { metrics = 2 { name = 1 } }
    /// }.</summary>
    private void TakeMetrics(byte[] request)
    {
        foreach (var resource in Fields(request, 1))
            foreach (var metric in Fields(resource, 2).SelectMany(scope => Fields(scope, 2)))
                metrics[(Service(resource), Text(Fields(metric, 1).Single()))] = true;
    }

    /// <summary>resource = 1 { attributes = 1 { key = 1, value = 2 { string_value = 1 } } }.</summary>
    private static string Service(byte[] of) => Fields(of, 1).SelectMany(resource => Fields(resource, 1))
        .Where(a => Text(Fields(a, 1).Single()) == "service.name")
        .Select(a => Text(Fields(Fields(a, 2).Single(), 1).Single())).Single();

    /// <summary>The length-delimited fields of that number.</summary>
    private static List<byte[]> Fields(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        var found = new List<byte[]>();
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited && WireFormat.GetTagFieldNumber(tag) == number)
                found.Add(input.ReadBytes().ToByteArray());
            else input.SkipLastField();
        }
        return found;
    }

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Fields(message, field).FirstOrDefault() ?? []);

    private static string Text(byte[] utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
