using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker
{
    // Microsoft.Azure.Functions.Worker.Core 2.52.0.

    public abstract class FunctionContext
    {
        public abstract string InvocationId { get; }
        public abstract string FunctionId { get; }
        public abstract IServiceProvider InstanceServices { get; set; }
        public virtual CancellationToken CancellationToken { get; }
    }

    public class WorkerOptions
    {
        public ObjectSerializer? Serializer { get; set; }

        [Obsolete("This is the default behavior and this property is going to be removed in the future.")]
        public bool EnableUserCodeException { get; set; } = true;
    }
}

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry
{
    using global::OpenTelemetry;
    using global::OpenTelemetry.Trace;

    // Microsoft.Azure.Functions.Worker.OpenTelemetry 1.2.0.

    public static class ConfigureFunctionsOpenTelemetry
    {
        public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder) =>
            builder.WithTracing(t => t.AddSource("Microsoft.Azure.Functions.Worker"));
    }
}
