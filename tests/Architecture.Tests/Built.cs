using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace TriOps.Architecture.Tests;

/// <summary>The rooms' assemblies as this build made them.</summary>
internal static class Built
{
    private const string Prefix = "TriOps.";
    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>The repository.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>The rooms that an assembly references, without "TriOps.": those whose types it uses.</summary>
    /// <param name="room">As in <see cref="Room.Name"/>.</param>
    public static IReadOnlyList<string> References(string room)
    {
        using var file = File.OpenRead(Assembly(room));
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(r => metadata.GetString(metadata.GetAssemblyReference(r).Name))
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..])];
    }

    private static string Assembly(string room)
    {
        var (folder, file) = room switch
        {
            "functions" => ("Functions", "TriOps.Functions.dll"),
            "TriOps.Cli" => (room, "triops.dll"),
            _ => (room, $"{room}.dll"),
        };
        return Path.Combine(Root, "artifacts", "bin", folder, Configuration, file);
    }

    private static string Find(DirectoryInfo? from)
    {
        for (; from is not null; from = from.Parent)
            if (File.Exists(Path.Combine(from.FullName, "Functions.sln"))) return from.FullName;
        throw new DirectoryNotFoundException($"No directory above {AppContext.BaseDirectory} holds Functions.sln.");
    }
}
