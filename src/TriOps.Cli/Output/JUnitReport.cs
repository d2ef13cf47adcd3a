using System.Globalization;
using System.Text;
using System.Xml;
using TriOps.Core.Evaluations;
using TriOps.Core.Models;

namespace TriOps.Cli.Output;

/// <summary>A gate's verdict as JUnit XML, the format CI systems show test results from: one testcase a rule, each with what was measured
/// and demanded.</summary>
/// <remarks>Elements and attributes as in github.com/testmoapp/junitxml, which collects what the readers of the format agree on.</remarks>
internal static class JUnitReport
{
    /// <summary>The report of a version's gate. A gate without rules is one skipped testcase, for an empty report reads as a
    /// mistake.</summary>
    public static byte[] Of(ModelVersion version)
    {
        var (checks, failures) = (version.Gate.Checks, version.Gate.Checks.Count(c => !c.Passed));
        return Write(
            new(version.Ref.ToString(), Math.Max(checks.Count, 1), failures, Errors: 0, checks.Count == 0 ? 1 : 0, version.CreatedAt),
            xml =>
        {
            xml.WriteStartElement("properties");
            Property(xml, "run", version.RunId);
            Property(xml, "data", version.Data.ToString());
            Property(xml, "family", version.Family.ToString());
            foreach (var metric in version.Metrics) Property(xml, metric.Name, Text(metric.Value));
            xml.WriteEndElement();
            foreach (var check in checks) Case(xml, $"{version.Project}.{version.Model}", check);
            if (checks.Count == 0)
                Case(xml, $"{version.Project}.{version.Model}", "gate", "skipped", "The pipeline's gate has no rules.", null);
        });
    }

    /// <summary>The report of a run that registered no version: one testcase with an error.</summary>
    public static byte[] OfFailedRun(string project, string runId, string reason, DateTimeOffset at) =>
        Write(new(runId, 1, 0, Errors: 1, 0, at), xml => Case(xml, project, "run", "error", reason, null));

    private sealed record Suite(string Name, int Tests, int Failures, int Errors, int Skipped, DateTimeOffset At);

    private static byte[] Write(Suite suite, Action<XmlWriter> body)
    {
        using var bytes = new MemoryStream();
        using (var xml =
            XmlWriter.Create(bytes,
            new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, "triops gate", suite);
            xml.WriteStartElement("testsuite");
            Counts(xml, suite.Name, suite);
            xml.WriteAttributeString("skipped", Text(suite.Skipped));
            xml.WriteAttributeString("timestamp", suite.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            body(xml);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Counts(XmlWriter xml, string name, Suite suite)
    {
        Attribute(xml, "name", name);
        xml.WriteAttributeString("tests", Text(suite.Tests));
        xml.WriteAttributeString("failures", Text(suite.Failures));
        xml.WriteAttributeString("errors", Text(suite.Errors));
        xml.WriteAttributeString("time", "0");
    }

    private static void Case(XmlWriter xml, string owner, GateCheck check)
    {
        var values = $"measured {Text(check.Value)}, limit {Text(check.Limit)}";
        if (check.Passed) Case(xml, owner, check.Name, "system-out", null, $"{values}: {check.Message}");
        else Case(xml, owner, check.Name, "failure", check.Message, values);
    }

    private static void Case(XmlWriter xml, string owner, string name, string outcome, string? message, string? text)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", owner);
        Attribute(xml, "name", name);
        xml.WriteAttributeString("time", "0");
        xml.WriteStartElement(outcome);
        if (message is not null) Attribute(xml, "message", message);
        if (outcome == "failure") Attribute(xml, "type", "gate");
        if (text is not null) xml.WriteString(Clean(text));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    /// <summary>Names of slices hold values from the data; what XML cannot carry (control characters, half surrogates) becomes
    /// U+FFFD.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes()
        .Select(r => r.Value > char.MaxValue || XmlConvert.IsXmlChar((char)r.Value) ? r.ToString() : "\uFFFD"));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
