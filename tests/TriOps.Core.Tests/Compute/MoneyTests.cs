namespace TriOps.Core.Tests.Compute;

public sealed class MoneyTests
{
    [Theory]
    [InlineData(3600, 1_500_000, 1_500_000)]
    [InlineData(0, 1_500_000, 0)]
    [InlineData(0.001, 3_600_000, 1)]
    [InlineData(12.3456, 720_000, 2_469)] // 12.3456 s × 0.72 / 3600 = 0.00246912
    public void Of_SecondsAtAPricePerHour_IsRoundedToAMillionth(double seconds, long perHour, long micros) =>
        Assert.Equal(new Money(micros, "USD"), Money.Of(seconds, perHour, "USD"));

    [Fact]
    public void Sum_OfOneCurrency_LeavesOutWhatHasNoPrice() =>
        Assert.Equal(new Money(30, "EUR"), Money.Sum([null, new(10, "EUR"), null, new(20, "EUR")]));

    [Fact]
    public void Sum_OfNothingOrOfTwoCurrencies_IsNone()
    {
        Assert.Null(Money.Sum([null, null]));
        Assert.Null(Money.Sum([new(10, "EUR"), new(20, "USD")]));
    }

    [Theory]
    [InlineData(1_500_000, "1.50 USD")]
    [InlineData(37_512, "0.0375 USD")]
    public void Text_ShowsTwoToFourDecimals(long micros, string text) => Assert.Equal(text, new Money(micros, "USD").ToString());
}
