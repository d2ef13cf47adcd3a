using System.Text;
using TriOps.Core;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Predictions;

namespace TriOps.Serving.Tests;

public sealed class RowsReaderTests
{
    private static readonly ColumnIndex Columns = new(TinyModels.Binary);

    private static FeatureRows Read(string json) => RowsReader.Read(Encoding.UTF8.GetBytes(json), Columns);

    [Fact]
    public void Read_ColumnsInAnyOrder_LandWhereTheSignatureSays()
    {
        var rows = Read("""{"rows":[{"site":"left","texture":2,"radius":1.5},{"radius":3}]}""");
        Assert.Equal([1.5f, 2, 3, float.NaN], rows.Numbers);
        Assert.Equal(["left", ""], rows.Categories);
        Assert.Equal(2, rows.Count);
    }

    [Theory]
    [InlineData("true", 1f)]
    [InlineData("false", 0f)]
    [InlineData("\"2.5\"", 2.5f)]
    [InlineData("\" -1e2 \"", -100f)]
    [InlineData("\"yes\"", 1f)]
    [InlineData("\"NaN\"", float.NaN)]
    [InlineData("\"\"", float.NaN)]
    [InlineData("null", float.NaN)]
    [InlineData("-0", 0f)]
    [InlineData("1e-50", 0f)]
    public void Read_WhatANumberMayBe_IsANumber(string value, float expected) =>
        Assert.Equal(expected, Read($$"""{"rows":[{"radius":{{value}}}]}""").Numbers[0]);

    [Theory]
    [InlineData("3", "3")]
    [InlineData("1.50", "1.50")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    [InlineData("\"sübmarine \\u00e9\"", "sübmarine é")]
    public void Read_WhatACategoryMayBe_IsItsText(string value, string expected) =>
        Assert.Equal(expected, Read($$"""{"rows":[{"site":{{value}}}]}""").Categories[0]);

    [Fact]
    public void Read_EscapedColumnName_IsUnderstood() => Assert.Equal(4f, Read("""{"rows":[{"r\u0061dius":4}]}""").Numbers[0]);

    [Theory]
    [InlineData("""{"rows":[{"radius":1},{"raduis":1}]}""", "column-unknown",
        "Row 1 has column 'raduis', which the model does not use. Did you mean 'radius'?")]
    [InlineData("""{"rows":[{"completely_other":1}]}""", "column-unknown", "Leave it out")]
    [InlineData("""{"rows":[{"diagnosis":"benign"}]}""", "column-unknown", "is what the model predicts")]
    [InlineData("""{"rows":[{"radius":1,"radius":2}]}""", "column-twice", "Row 0 has column 'radius' twice")]
    [InlineData("""{"rows":[{"radius":"wide"}]}""", "value-invalid", "Row 0, column 'radius': \"wide\" is not a number")]
    [InlineData("""{"rows":[{"radius":{}}]}""", "value-invalid", "an object is not a number")]
    [InlineData("""{"rows":[{"radius":[1]}]}""", "value-invalid", "an array is not a number")]
    [InlineData("""{"rows":[{"site":["left"]}]}""", "value-invalid", "an array is not a text")]
    [InlineData("""{"rows":[{"radius":1e300}]}""", "value-invalid", "1e300 is not a number within")]
    [InlineData("""{"rows":[{"radius":"-Infinity"}]}""", "value-invalid", "radius")]
    [InlineData("""{"rows":[1]}""", "value-invalid", "Row 0 is not an object")]
    [InlineData("""{"rows":{}}""", "rows-missing", "not an array")]
    [InlineData("""{"rows":[]}""", "rows-missing", "no rows")]
    [InlineData("""{}""", "rows-missing", "no rows")]
    [InlineData("""[]""", "rows-missing", "not a JSON object")]
    [InlineData("""{"row":[]}""", "property-unknown", "'row'")]
    [InlineData("""{"rows":[{"radius":1}],"rows":[]}""", "property-twice", "twice")]
    [InlineData("""{"rows":[{"radius":1}]} x""", "json-invalid", "not JSON")]
    [InlineData("""{"rows":[{"radius":1}""", "json-invalid", "not JSON")]
    [InlineData("""{"rows":[{"radius":NaN}]}""", "json-invalid", "not JSON")]
    [InlineData("", "json-invalid", "not JSON")]
    public void Read_WhatDoesNotFit_SaysWhatAndWhere(string json, string code, string says)
    {
        var error = Assert.Throws<InvalidInputException>(() => Read(json));
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepJson_IsRefused() => Assert.Throws<InvalidInputException>(() => Read("{\"rows\":" + new string('[', 1000)));

    [Fact]
    public void Read_NotUtf8_IsRefused()
    {
        byte[] json = [.. "{\"rows\":[{\"site\":\""u8, 0xC3, 0x28, .. "\"}]}"u8];
        Assert.Equal("json-invalid", Assert.Throws<InvalidInputException>(() => RowsReader.Read(json, Columns)).Code);
        byte[] name = [.. "{\"rows\":[{\""u8, 0xFF, .. "\":1}]}"u8];
        Assert.Equal("json-invalid", Assert.Throws<InvalidInputException>(() => RowsReader.Read(name, Columns)).Code);
    }

    [Fact]
    public void Read_ManyRows_KeepsEveryOne()
    {
        var rows =
            Read("{\"rows\":["
            + string.Join(',', Enumerable.Range(0, Predictor.MaxRows).Select(i => $"{{\"radius\":{i},\"site\":\"s{i}\"}}")) + "]}");
        Assert.Equal(Predictor.MaxRows, rows.Count);
        Assert.Equal(20_000, rows.Numbers.Length);
        for (var i = 0; i < rows.Count; i++)
            Assert.Equal((i, float.NaN, $"s{i}"), (rows.Numbers[2 * i], rows.Numbers[(2 * i) + 1], rows.Categories[i]));
    }

    [Fact]
    public void Read_OneRowTooMany_IsRefused()
    {
        var json = "{\"rows\":[" + string.Join(',', Enumerable.Repeat("{}", Predictor.MaxRows + 1)) + "]}";
        Assert.Equal("rows-too-many", Assert.Throws<InvalidInputException>(() => Read(json)).Code);
    }

    [Fact]
    public void Read_LongCategory_IsRefused() =>
        Assert.Equal("value-invalid",
            Assert.Throws<InvalidInputException>(
            () => Read("{\"rows\":[{\"site\":\"" + new string('x', RowsReader.MaxText + 1) + "\"}]}")).Code);
}
