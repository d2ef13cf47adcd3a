using Microsoft.Extensions.Logging;

namespace TriOps.Core.Workflows;

/// <summary> What an orchestration may do: Durable Functions' TaskOrchestrationContext, as far as orchestrations here need it.
/// TriOps.Durable puts both hosts' engine behind it.
/// </summary>
/// <remarks>
/// <para><b>Replay.</b> The orchestration's code runs again from the top whenever something it waits for has happened; recorded results are
/// fed back one at a time, in recorded order, on one thread. Code must therefore be deterministic: time from <see cref="Now"/>, no I/O, no
/// Task.Run, and it may await only tasks this interface returned, or combinations of them made with Task.WhenAll and Task.WhenAny. What
/// replay cannot repeat does not compile in TriOps.Orchestrations (its BannedSymbols.txt); what still gets through leaves the instance
/// waiting for ever.</para>
/// <para><b>Delivery.</b> An activity runs at least once per call: it must be idempotent. A recorded result is never run again.</para>
/// <para><b>Payloads</b> are JSON in the dialect of <see cref="TriOpsJson"/>. Pass references, never data.</para>
/// </remarks>
public interface IWorkflow
{
    /// <summary>This instance's id: 1 to 100 characters, no '/', '\', '#', '?', control characters or leading '@'.</summary>
    string InstanceId { get; }

    /// <summary>The version of the orchestration's code (<see cref="WorkflowName{TIn,TOut}.Version"/>) when this execution began: one that
    /// has begun goes on with the steps of then, and code that has changed them asks for it.</summary>
    int Version { get; }

    /// <summary>The deterministic current time: when the event now being processed was recorded.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Silent while replaying.</summary>
    ILogger Log { get; }

    /// <summary>Schedules an activity, and again by the policy that its name carries.</summary>
    /// <exception cref="StepFailedException">It failed, and its retries are used up.</exception>
    Task<TOut> Call<TIn, TOut>(ActivityName<TIn, TOut> activity, TIn input);

    /// <summary>Starts another orchestration and waits for its result.</summary>
    /// <param name="workflow">The child's orchestration.</param>
    /// <param name="input">Its input.</param>
    /// <param name="instanceId">A new id, made from what only this instance asks for. The engine does not join what runs or has ended under
    /// a taken id: the start is dropped, and the wait never ends.</param>
    /// <exception cref="StepFailedException">It failed or was terminated.</exception>
    Task<TOut> CallWorkflow<TIn, TOut>(WorkflowName<TIn, TOut> workflow, TIn input, string instanceId);

    /// <summary>A durable timer: never early; late by what the engine's polling takes, a second or two. Nothing is waited for when the
    /// delay is not above zero.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled first. Cancel the timers that lose a race: an open
    /// one keeps the instance running until it fires.</exception>
    Task Delay(TimeSpan delay, CancellationToken ct = default);

    /// <summary>Waits for an external event. Events that arrive before anyone waits are kept, and survive <see cref="ContinueAsNew{T}"/>,
    /// as does one that comes for a wait left open then; names ignore case; one payload type per name. Keep one wait per name open, outside
    /// of loops, and race it: of two the engine serves the newer first, and a wait cannot be taken back.</summary>
    Task<T> WaitForEvent<T>(EventName<T> name);

    /// <summary>Publishes how far the work is, for people. At most 8,192 characters of JSON.</summary>
    /// <exception cref="ArgumentException">It is longer.</exception>
    void SetStatus<T>(T status);

    /// <summary>Raises an event on another instance. No order is promised between two events; one to an instance that has ended or never
    /// was is dropped.</summary>
    void SendEvent<T>(string instanceId, EventName<T> name, T payload);

    /// <summary>Ends this execution and begins another with a fresh history, under the same id. Must be the last thing done, with no timer
    /// left open; results still pending are discarded.</summary>
    void ContinueAsNew<T>(T input);
}
