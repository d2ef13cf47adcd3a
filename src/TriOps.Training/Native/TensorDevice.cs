using TorchSharp;

namespace TriOps.Training.Native;

/// <summary>Where tensors live: on the CUDA device when libtorch was built for one and this machine has one, else on the
/// processor.</summary>
public static class TensorDevice
{
    /// <summary>The choice. Ask it before the first tensor: libtorch settles at its first use whether CUDA is there.</summary>
    /// <param name="cudaIsAvailable">libtorch's own answer.</param>
    public static DeviceType Choose(Func<bool> cudaIsAvailable) => cudaIsAvailable() ? DeviceType.CUDA : DeviceType.CPU;
}
