using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace TriOps.Serving.Models;

/// <summary>Where models run: on a CUDA device when ONNX Runtime was built for one and this machine has one, else on the processor. Chosen
/// once and said once; a model that the device does not take runs on the processor. Thread-safe.</summary>
internal sealed class ExecutionDevice
{
    private const string Cuda = "CUDAExecutionProvider";

    /// <summary>TensorFloat-32 keeps 10 bits of a number: predictions would differ from those the gate saw.</summary>
    private const string WholeFloats = "0";

    private readonly ILogger logger;

    /// <param name="providers">What the runtime was built with.</param>
    /// <param name="countDevices">How many CUDA devices there are; asked only when the runtime could use one.</param>
    /// <param name="logger">Told of the choice, and of every model that falls back.</param>
    public ExecutionDevice(IReadOnlyCollection<string> providers, Func<int> countDevices, ILogger logger)
    {
        this.logger = logger;
        if (!providers.Contains(Cuda))
        {
            logger.LogDebug(
                "Models run on the processor: this build's ONNX Runtime has no CUDA provider (build with -p:Gpu=true for one).");
            return;
        }
        UsesCuda = countDevices() > 0;
        if (UsesCuda) logger.LogInformation("Models run on CUDA device 0.");
        else logger.LogWarning("Models run on the processor: this build could use a CUDA device, but the driver shows none.");
    }

    /// <summary>What this process and this machine have.</summary>
    public static ExecutionDevice Detect(ILogger logger) => new(OrtEnv.Instance().GetAvailableProviders(), CudaDevices.Count, logger);

    /// <summary>Whether sessions are tried on the device first.</summary>
    public bool UsesCuda { get; }

    /// <summary>Opens a model on the device, or else on the processor.</summary>
    /// <param name="name">Of the model, for the log.</param>
    /// <param name="newSettings">Makes settings; called once for every try.</param>
    /// <param name="open">Opens a session with the settings it is given, and sees that it runs; told whether they are for the
    /// device.</param>
    /// <exception cref="OnnxRuntimeException">The processor does not take the model either.</exception>
    public T Open<T>(string name, Func<SessionOptions> newSettings, Func<SessionOptions, bool, T> open)
    {
        using var settings = newSettings();
        if (!UsesCuda) return open(settings, false);
        try
        {
            using var cuda = new OrtCUDAProviderOptions();
            cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = "0", ["use_tf32"] = WholeFloats });
            settings.AppendExecutionProvider_CUDA(cuda);
            return open(settings, true);
        }
        catch (Exception e) when (e is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException)
        {
            using var plain = newSettings();
            var opened = open(plain, false); // A model at fault fails here again, with its own message.
            logger.LogWarning(e, "{Model} runs on the processor: the CUDA device did not take it.", name);
            return opened;
        }
    }
}
