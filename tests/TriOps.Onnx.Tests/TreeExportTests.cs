using TriOps.Onnx.Exporters.Tables;

namespace TriOps.Onnx.Tests;

public sealed class TreeExportTests
{
    [Theory]
    [InlineData(0.1)] // Its nearest float lies above it.
    [InlineData(-0.1)]
    [InlineData(0.5)]
    [InlineData(1.00000017881393421514957253748434595763683319091796875001)]
    [InlineData(1e300)]
    [InlineData(-1e300)]
    [InlineData(1e-60)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void RoundDown_EveryFloatNearby_ComparesAsTheDoubleDoes(double threshold)
    {
        var rounded = TreeExport.RoundDown(threshold);
        foreach (var x in new[] { rounded, MathF.BitIncrement(rounded), MathF.BitDecrement(rounded), (float)threshold, 0f, float.MaxValue,
            -float.MaxValue, float.PositiveInfinity, float.NegativeInfinity })
            Assert.Equal(x <= threshold, x <= rounded);
    }
}
