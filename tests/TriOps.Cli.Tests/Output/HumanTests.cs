using TriOps.Cli.Output;

namespace TriOps.Cli.Tests.Output;

public sealed class HumanTests
{
    [Theory]
    [InlineData(0.98373, "0.9837")]
    [InlineData(0, "0")]
    [InlineData(-0.005, "-0.005")]
    [InlineData(14.1349, "14.13")]
    [InlineData(889.8158, "889.8")]
    [InlineData(12345.6, "12346")]
    [InlineData(2.5e12, "2.5e12")]
    [InlineData(0.000012, "1.2e-5")]
    public void Number_FourDigits(double value, string text) => Assert.Equal(text, Human.Number(value));

    [Theory]
    [InlineData(1, "1")]
    [InlineData(0.1166, "0.117")]
    [InlineData(1.924e-49, "2e-49")]
    [InlineData(0, "0")]
    public void PValue_OneDigitWhereItIsTiny(double value, string text) => Assert.Equal(text, Human.PValue(value));

    [Fact]
    public void Short_ContentIdsOnly()
    {
        Assert.Equal("9ed2f0e834d8", Human.Short("9ed2f0e834d87c83de3396babbc804339f49b107a699704c3a84b54408645523"));
        Assert.Equal("train-breast-cancer-diagnosis-v1", Human.Short("train-breast-cancer-diagnosis-v1"));
    }
}
