using TriOps.Core;
using TriOps.Core.Settings;

namespace TriOps.Inference.Tests;

public sealed class InferenceSettingsTests
{
    private const string Account = "triopsstorage1", Key = "a-key-of-24-characters-x";

    [Theory]
    [InlineData(null, 8080, new string[0])]
    [InlineData("9090", 9090, new string[0])]
    [InlineData("9090", 0, new[] { "--port", "0" })]
    public void Read_Port_ComesFromTheCommandLineThenTheEnvironment(string? environment, int expected, string[] arguments) =>
        Assert.Equal(expected, Read(arguments, ("ASPNETCORE_HTTP_PORTS", environment)).Port);

    [Theory]
    [InlineData(null, new[] { "--port" })]
    [InlineData(null, new[] { "--port", "65536" })]
    [InlineData(null, new[] { "--port", "-1" })]
    [InlineData("8080;8081", new string[0])]
    [InlineData(null, new[] { "--storage", "x" })]
    public void Read_ArgumentsThatAreNotValid_AreRefused(string? environment, string[] arguments) =>
        Assert.Equal("arguments-invalid",
            Assert.Throws<InvalidInputException>(() => Read(arguments, ("ASPNETCORE_HTTP_PORTS", environment))).Code);

    [Fact]
    public void Read_WithoutStorage_IsRefused() =>
        Assert.Equal("storage-missing", Assert.Throws<InvalidInputException>(() => InferenceSettings.Read([], _ => null)).Code);

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("key", Key, false)]
    [InlineData("entra", null, false)]
    public void Read_SignInOrKey_OpensMoreThanLoopback(string? mode, string? key, bool loopbackOnly) =>
        Assert.Equal(loopbackOnly, Read([], (SettingNames.Auth, mode), (SettingNames.ApiKey, key)).Guard.LoopbackOnly);

    private static InferenceSettings Read(string[] arguments, params (string Name, string? Value)[] settings) =>
        InferenceSettings.Read(arguments, name => name == SettingNames.Storage ? Account
            : settings.FirstOrDefault(s => s.Name == name).Value);
}
