using TriOps.Core;
using TriOps.Core.Names;

namespace TriOps.Compute.Tests;

public sealed class ComputeProfilesTests
{
    private const string Cpu = $$"""{"job": "{{FakeArm.Job}}", "pricePerHour": 0.1205, "currency": "EUR"}""";

    [Fact]
    public void Parse_Table_GivesItsProfiles()
    {
        var profiles =
            ComputeProfiles.Parse($$"""{ "cpu": {{Cpu}}, "t4": { "job": "{{FakeArm.Job}}-t4", "pricePerHour": 0, "currency": "EUR" } }""");

        Assert.Equal(["cpu", "t4"], profiles.Names.Select(n => n.Value));
        Assert.Equal(new ComputeProfile(ProfileName.Default, FakeArm.Job, 120_500, "EUR"), profiles.Get(ProfileName.Default));
    }

    [Theory]
    [InlineData(null, "it is not set")]
    [InlineData("  ", "it is not set")]
    [InlineData("{", "it is no JSON")]
    [InlineData("[]", "it is a JSON array, not an object")]
    [InlineData("{}", "the profile 'cpu', which jobs run on when they ask for no other, is missing")]
    [InlineData("{\"CPU\": CPU}", "'CPU' is no profile name")]
    [InlineData("{\"cpu\": CPU, \"cpu\": CPU}", "'cpu' is there twice")]
    [InlineData("{\"cpu\": 3}", "'cpu' is no object")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"currency\": \"USD\"}}", "'cpu' lacks pricePerHour")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": 1, \"currency\": \"USD\", \"gpu\": 1}}", "'cpu' has the unknown key 'gpu'")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": 1, \"pricePerHour\": 2, \"currency\": \"USD\"}}",
        "'cpu' has 'pricePerHour' twice")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": \"1\", \"currency\": \"USD\"}}", "a pricePerHour that is no number")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": -1, \"currency\": \"USD\"}}", "not within 0 and 1000000")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": 1e300, \"currency\": \"USD\"}}", "a pricePerHour that is no number")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": 1, \"currency\": \"usd\"}}", "no three capital letters")]
    [InlineData("{\"cpu\": {\"job\": \"JOB\", \"pricePerHour\": 1, \"currency\": 7}}", "a currency that is no text")]
    [InlineData("{\"cpu\": {\"job\": \"https://evil.example/\", \"pricePerHour\": 1, \"currency\": \"USD\"}}",
        "no resource id of a Container Apps job")]
    [InlineData("{\"cpu\": {\"job\": \"JOB/../other\", \"pricePerHour\": 1, \"currency\": \"USD\"}}",
        "no resource id of a Container Apps job")]
    [InlineData("{\"cpu\": {\"job\": \"JOB?x\", \"pricePerHour\": 1, \"currency\": \"USD\"}}", "no resource id of a Container Apps job")]
    [InlineData("{\"cpu\": CPU, \"t4\": {\"job\": \"JOB\", \"pricePerHour\": 1, \"currency\": \"USD\"}}",
        "'cpu' is priced in EUR and 't4' in USD")]
    public void Parse_AnythingElse_SaysWhatIsWrong(string? json, string why)
    {
        var e = Assert.Throws<InvalidInputException>(
            () => ComputeProfiles.Parse(json?.Replace("CPU}", Cpu + "}").Replace("CPU,", Cpu + ",").Replace("JOB", FakeArm.Job)));

        Assert.Equal("compute-profiles", e.Code);
        Assert.Contains($"TRIOPS_COMPUTE_PROFILES cannot be used: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }
}
