namespace TriOps.Core.Content;

/// <summary>One file of a model.</summary>
/// <param name="Name">What the graph calls it: a plain file name.</param>
/// <param name="Id">Its content.</param>
/// <param name="Bytes">Its size.</param>
public sealed record ModelFile(string Name, ContentId Id, long Bytes);

/// <summary>The files of a model by their content: the graph first, then those in which it keeps tensors (ONNX external data, needed above
/// 2 GiB).</summary>
/// <remarks>Source: onnx.proto, TensorProto.external_data: "location" is a path relative to the graph's folder.</remarks>
public sealed record ModelFiles
{
    /// <summary>What a graph is called when it is the only file.</summary>
    public const string GraphName = "model.onnx";

    /// <param name="files">The graph first.</param>
    /// <exception cref="InvalidInputException">None, two of one name, or a name that is a path (code model-files).</exception>
    public ModelFiles(IReadOnlyList<ModelFile> files)
    {
        if (files.Count == 0) throw Invalid("A model has no files; its graph is the least it has.");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files)
        {
            if (file.Name is "" or "." or ".." || file.Name.AsSpan().IndexOfAny('/', '\\', ':') >= 0 || file.Name.Any(char.IsControl))
                throw Invalid($"A model's file is called '{file.Name}': a plain file name is needed, without folders.");
            if (!names.Add(file.Name)) throw Invalid($"A model has two files called '{file.Name}'.");
            if (file.Bytes < 0) throw Invalid($"A model's file '{file.Name}' has {file.Bytes} bytes.");
        }
        Files = files;
    }

    /// <summary>The graph first.</summary>
    public IReadOnlyList<ModelFile> Files { get; }

    /// <summary>The ONNX graph.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public ModelFile Graph => Files[0];

    /// <summary>Of all files together.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long Bytes => Files.Sum(f => f.Bytes);

    /// <summary>A model that is one file.</summary>
    public static ModelFiles Of(ContentId graph, long bytes) => new([new(GraphName, graph, bytes)]);

    /// <summary>Names the whole set: the graph's own id when it is alone.</summary>
    public ContentId SetId() => Files.Count == 1 ? Graph.Id
        : ContentId.OfBytes(System.Text.Encoding.UTF8.GetBytes(string.Concat(Files.Select(f => $"{f.Id} {f.Name}\n"))));

    /// <inheritdoc/>
    public bool Equals(ModelFiles? other) => other is not null && Files.SequenceEqual(other.Files);

    /// <inheritdoc/>
    public override int GetHashCode() => Graph.Id.GetHashCode();

    private static InvalidInputException Invalid(string message) => new("model-files", message);
}
