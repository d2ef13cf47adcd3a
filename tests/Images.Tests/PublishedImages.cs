using TriOps.Testing;

namespace TriOps.Images.Tests;

/// <summary>Both images' contents, built when a test first asks for them and deleted after the last.</summary>
public sealed class PublishedImages : IDisposable
{
    internal PublishedImage Inference { get; } = new("src/TriOps.Inference/Dockerfile");

    internal PublishedImage Trainer { get; } = new("src/TriOps.Trainer/Dockerfile");

    public void Dispose()
    {
        Inference.Dispose();
        Trainer.Dispose();
    }
}

/// <summary>The tests that use them: one class at a time.</summary>
[CollectionDefinition(Name)]
public sealed class Built : ICollectionFixture<PublishedImages>, ICollectionFixture<AzuriteFixture>
{
    public const string Name = "built";
}
