using TriOps.Core;

namespace TriOps.Storage.Tests;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Options_OfAnAccountName_UseIdentityAtItsEndpoints()
    {
        var options = StorageOptions.Parse("contosoml");
        Assert.Null(options.ConnectionString);
        Assert.Equal("https://contosoml.table.core.windows.net/", options.TableEndpoint!.ToString());
        Assert.Equal("https://contosoml.blob.core.windows.net/", options.Describe());
    }

    [Fact]
    public void Options_WithAKey_NeverPrintIt()
    {
        var options =
            StorageOptions.Parse(
            "DefaultEndpointsProtocol=https;AccountName=contosoml;AccountKey=c2VjcmV0LWtleQ==;EndpointSuffix=core.windows.net");
        Assert.DoesNotContain("c2VjcmV0", $"{options} {options.Describe()}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Not An Account")]
    [InlineData("AccountName=contosoml")]
    [InlineData("AccountName=contosoml;AccountKey=%%%;EndpointSuffix=core.windows.net")]
    public void Options_ThatMakeNoSense_AreRefusedWithoutEchoingThem(string text)
    {
        var error = Assert.Throws<InvalidInputException>(() => new StorageClients(StorageOptions.Parse(text)));
        Assert.Equal("storage-invalid", error.Code);
        if (text.Length > 0) Assert.DoesNotContain(text, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("1digit")]
    [InlineData("far-too-long")]
    [InlineData("thirteenchars")]
    public void Options_WithABadPrefix_AreRefused(string prefix) =>
        Assert.Throws<InvalidInputException>(() => StorageOptions.Parse("contosoml", prefix));
}
