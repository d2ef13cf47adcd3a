using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TriOps.Core.Models;
using TriOps.Core.Signatures;

namespace TriOps.Serving.Models;

/// <summary>Buffers for batches of one size, bound to a session once: a call then copies features in, runs, and copies outputs out. One
/// call at a time.</summary>
internal sealed class Lane : IDisposable
{
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;
    private readonly float[] numbers;
    private readonly float[] outputs;
    private readonly OrtValue? numbersValue;
    private readonly OrtValue? categoriesValue;
    private readonly OrtValue outputValue;
    private readonly int categories;
    private readonly bool onDevice;

    /// <param name="session">Whose inputs are bound.</param>
    /// <param name="signature">Names and counts the columns.</param>
    /// <param name="rows">Rows of every call.</param>
    /// <param name="outputName">"probabilities" or "prediction".</param>
    /// <param name="width">Outputs a row.</param>
    /// <param name="onDevice">Whether inputs go to a device: binding copies them there, so that they are bound for every call.</param>
    public Lane(InferenceSession session, TableSignature signature, int rows, string outputName, int width, bool onDevice)
    {
        (this.session, this.onDevice, Rows) = (session, onDevice, rows);
        binding = session.CreateIoBinding();
        numbers = new float[rows * signature.Numbers.Count];
        categories = rows * signature.Categories.Count;
        outputs = new float[rows * width];
        if (numbers.Length > 0)
        {
            numbersValue =
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, numbers.AsMemory(), [rows, signature.Numbers.Count]);
        }
        if (categories > 0)
        {
            categoriesValue = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows, signature.Categories.Count]);
        }
        BindInputs();
        outputValue = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, outputs.AsMemory(), [rows, width]);
        binding.BindOutput(outputName, outputValue);
    }

    /// <summary>Rows of every call.</summary>
    public int Rows { get; }

    /// <summary>Scores <see cref="Rows"/> rows, from row <paramref name="first"/> on, into the same rows of
    /// <paramref name="into"/>.</summary>
    public void Score(FeatureRows rows, int first, RunOptions options, float[] into)
    {
        rows.Numbers.AsSpan(first * (numbers.Length / Rows), numbers.Length).CopyTo(numbers);
        var start = first * (categories / Rows);
        for (var i = 0; i < categories; i++) categoriesValue!.StringTensorSetElementAt(rows.Categories[start + i].AsSpan(), i);
        if (onDevice) BindInputs();
        session.RunWithBinding(options, binding);
        outputs.CopyTo(into, first * (outputs.Length / Rows));
    }

    // Source: onnxruntime, core/session/IOBinding.cc: an input is copied to its device when it is bound; on the processor it stays the
    // caller's memory.
    private void BindInputs()
    {
        if (numbersValue is not null) binding.BindInput("numbers", numbersValue);
        if (categoriesValue is not null) binding.BindInput("categories", categoriesValue);
    }

    public void Dispose()
    {
        binding.Dispose();
        numbersValue?.Dispose();
        categoriesValue?.Dispose();
        outputValue.Dispose();
    }
}
