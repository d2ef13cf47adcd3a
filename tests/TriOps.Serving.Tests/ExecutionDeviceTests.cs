using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using TriOps.Core;
using TriOps.Core.Content;
using TriOps.Core.Models;
using TriOps.Core.Signatures;
using TriOps.Serving.Models;

namespace TriOps.Serving.Tests;

/// <summary>Which device models run on. The tests' ONNX Runtime has no CUDA provider, so whatever is tried on a device fails as it does
/// where a library or a driver is missing.</summary>
public sealed class ExecutionDeviceTests
{
    private static readonly string[] CpuBuild = ["CPUExecutionProvider"],
        GpuBuild = ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"];

    private readonly Lines log = new();

    [Fact]
    public void Choice_BuildWithoutCuda_IsTheProcessorAndAsksNoDriver()
    {
        var device = new ExecutionDevice(CpuBuild, () => throw new InvalidOperationException("asked"), log);

        Assert.False(device.UsesCuda);
        Assert.Equal(LogLevel.Debug, Assert.Single(log.All).Level);
    }

    [Fact]
    public void Choice_GpuBuildWithoutADevice_IsTheProcessorAndSaysSo()
    {
        var device = new ExecutionDevice(GpuBuild, () => 0, log);

        Assert.False(device.UsesCuda);
        var line = Assert.Single(log.All);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains("processor", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Choice_GpuBuildWithADevice_IsTheDevice()
    {
        Assert.True(new ExecutionDevice(GpuBuild, () => 1, log).UsesCuda);
        Assert.Contains("CUDA device 0", Assert.Single(log.All).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DeviceDoesNotTakeTheModel_AnswersOnTheProcessor()
    {
        var device = new ExecutionDevice(GpuBuild, () => 1, log);

        var model = Open(TinyModels.Regression, device);

        Assert.Equal([13f], model.Score(new FeatureRows([2, 3], [], 1)));
        model.Release();
        Assert.Contains(log.All, l => l.Level == LogLevel.Warning
            && l.Text.StartsWith("models/x runs on the processor", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_ModelAtFault_IsRefusedWithoutBlamingTheDevice()
    {
        var device = new ExecutionDevice(GpuBuild, () => 1, log);
        log.All.Clear();

        var refusal = Assert.Throws<InvalidInputException>(() => Open(TinyModels.Binary, device));

        Assert.Equal("model-invalid", refusal.Code);
        Assert.Empty(log.All);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Lane_InputsBoundOnceOrForEveryCall_ScoresWhatItIsGivenLast(bool onDevice)
    {
        using var session = new InferenceSession(TinyModels.Classifier());
        using var lane = new Lane(session, TinyModels.Binary, 1, "probabilities", 2, onDevice);
        var outputs = new float[2];
        using var run = new RunOptions();

        foreach (var (radius, site, expected)
            in (IEnumerable<(float, string, double)>)[(0f, "elsewhere", 0.5), (2f, "left", 0.9525741), (0f, "right", 0.8807970)])
        {
            lane.Score(new FeatureRows([radius, 0], [site], 1), 0, run, outputs);
            Assert.Equal(expected, outputs[1], 5); // sigmoid(radius + 0, 1 or 2 by site)
        }
    }

    [Fact]
    public void Open_OnTheProcessor_SaysThatItIsNoDevice()
    {
        var told = new List<bool>();
        var device = new ExecutionDevice(CpuBuild, () => 0, log);
        device.Open("models/x", () => new SessionOptions(), (_, onDevice) => { told.Add(onDevice); return 0; });
        // Falls back.
        new ExecutionDevice(GpuBuild, () => 1, log)
            .Open("models/x", () => new SessionOptions(), (_, onDevice) => { told.Add(onDevice); return 0; });
        Assert.Equal([false, false], told);
    }

    [Fact]
    public void Open_WithoutADevice_TriesOnce()
    {
        var tries = 0;
        var device = new ExecutionDevice(CpuBuild, () => 0, log);

        Assert.Throws<OnnxRuntimeException>(
            () => device.Open("models/x", () => { tries++; return new SessionOptions(); },
            (settings, _) => new InferenceSession([1, 2, 3], settings)));

        Assert.Equal(1, tries);
    }

    private sealed class Lines : ILogger
    {
        public List<(LogLevel Level, string Text)> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter) => All.Add((logLevel, formatter(state, exception)));
    }

    private static LoadedModel Open(TableSignature signature, ExecutionDevice device)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TinyModels.Regressor());
            return LoadedModel.Open(path, ModelFiles.Of(ContentId.OfBytes([]), 1), signature, "models/x", new ServingOptions(), device);
        }
        finally { File.Delete(path); }
    }
}
