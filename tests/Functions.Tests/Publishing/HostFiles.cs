using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TriOps.Functions.Tests.Publishing;

/// <summary>What a host reads of the app: the files that the build has put out, and what infra/ sets for it.</summary>
internal static class HostFiles
{
    /// <summary>Where the app was built to.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "artifacts", "bin", "Functions", "debug");

    /// <summary>A file of it as JSON.</summary>
    public static JsonElement Json(string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file))).RootElement;

    /// <summary>The functions in functions.metadata.</summary>
    public static IReadOnlyList<HostFunction> Functions { get; } = [.. Json("functions.metadata").EnumerateArray().Select(f =>
        new HostFunction(f.GetProperty("name").GetString()!, f.GetProperty("entryPoint")
            .GetString()!, [.. f.GetProperty("bindings").EnumerateArray()]))];

    /// <summary>Names of the app settings that infra/ sets.</summary>
    public static IReadOnlyList<string> Settings { get; } = [.. Regex.Matches(
        Regex.Match(File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "functions.bicep")), @"var appSettings .*?\n\)",
        RegexOptions.Singleline).Value,
        @"^\s*(?:entra \? \{\} : \{ )?'?([A-Za-z][\w.]*)'?:", RegexOptions.Multiline).Select(m => m.Groups[1].Value)];

    /// <summary>Names of the public properties of a class of the host's extensions. (They need assemblies of the host's, so they are read,
    /// not loaded.)</summary>
    public static IReadOnlyList<string> Properties(string assembly, string type)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(Folder, ".azurefunctions", assembly)));
        var metadata = file.GetMetadataReader();
        var found = metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Single(t => metadata.GetString(t.Name) == type);
        return [.. found.GetProperties().Select(p => metadata.GetString(metadata.GetPropertyDefinition(p).Name))];
    }
}

/// <summary>A function as the host is told of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EntryPoint">Class and method.</param>
/// <param name="Bindings">Trigger and other bindings.</param>
internal sealed record HostFunction(string Name, string EntryPoint, IReadOnlyList<JsonElement> Bindings)
{
    /// <summary>The trigger.</summary>
    public JsonElement Trigger => Bindings.Single(b => TypeOf(b).EndsWith("Trigger", StringComparison.Ordinal));

    /// <summary>A binding's type.</summary>
    public static string TypeOf(JsonElement binding) => binding.GetProperty("type").GetString()!;
}
