using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using TriOps.Data.Csv;

namespace TriOps.Data.Tests.Csv;

public sealed class FieldTests
{
    private static byte[] B(string text) => Encoding.UTF8.GetBytes(text);

    [Property(MaxTest = 500)]
    public void Number_AnyDouble_ReadsAsTheFrameworkReadsIt(double value)
    {
        if (!(Math.Abs(value) < 1e300)) return; // Above, rounding to few digits may leave the range.
        foreach (var format in (string[])["R", "F6", "G5", "E3"])
        {
            var text = value.ToString(format, CultureInfo.InvariantCulture);
            if (text.Length > 300) continue;
            Assert.Equal(NumberKind.Finite, FieldNumber.Read(B(text), out var read));
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), read);
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.5", -0.5)]
    [InlineData("+7", 7)]
    [InlineData(" 12 ", 12)]
    [InlineData("1.", 1)]
    [InlineData(".5", 0.5)]
    [InlineData("1e-3", 0.001)]
    [InlineData("0.1000000000000000055511151231257827", 0.1)]
    [InlineData("123456789012345678", 123456789012345678d)]
    public void Number_Written_IsRead(string text, double value)
    {
        Assert.Equal(NumberKind.Finite, FieldNumber.Read(B(text), out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("NaN", NumberKind.NaN)]
    [InlineData("nan", NumberKind.NaN)]
    [InlineData("inf", NumberKind.Infinite)]
    [InlineData("-Infinity", NumberKind.Infinite)]
    [InlineData("1e999", NumberKind.Infinite)]
    [InlineData("", NumberKind.None)]
    [InlineData("-", NumberKind.None)]
    [InlineData(".", NumberKind.None)]
    [InlineData("1,5", NumberKind.None)]
    [InlineData("1.2.3", NumberKind.None)]
    [InlineData("0x10", NumberKind.None)]
    [InlineData("1 000", NumberKind.None)]
    [InlineData("abc", NumberKind.None)]
    [InlineData("e5", NumberKind.None)]
    public void Number_NotFinite_IsToldApart(string text, NumberKind kind)
    {
        Assert.Equal(kind, FieldNumber.Read(B(text), out var read));
        Assert.True(double.IsNaN(read));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData("NA", true)]
    [InlineData("na", false)]
    [InlineData("N", false)]
    public void Missing_Field_FollowsTheDeclaredTexts(string text, bool missing) =>
        Assert.Equal(missing, new MissingValues(["NA", "?"]).Includes(B(text)));
}
