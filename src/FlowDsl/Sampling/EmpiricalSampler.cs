using FlowDsl.Runtime.Blocks;
using FlowDsl.Runtime.Data;
using FlowDsl.Runtime.Trackers;
using FlowDsl.Mathematics;

namespace FlowDsl;

/// <summary>A sampler of a data set that is known only at run time: what the generator makes of one that is declared. Thread-safe.</summary>
public sealed class EmpiricalSampler
{
    private readonly DataKernel _kernel;
    private readonly SamplerErrors<float> _errors;

    /// <summary>Prepares a sampler.</summary>
    /// <param name="descriptor">The sampler, from <see cref="SamplerDescriptor.Create"/> with the model of a data set.</param>
    /// <exception cref="ArgumentException">The model is not of a data set.</exception>
    public EmpiricalSampler(SamplerDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        if (descriptor.Model.Data is not { } data) throw new ArgumentException("The model of the sampler must be that of a data set.", nameof(descriptor));
        Descriptor = descriptor;
        _kernel = new DataKernel(data, FlowProgram.Create(descriptor.Model.Process, descriptor.Frame, descriptor.Solver, descriptor.Times));
        _errors = ErrorTracking.Of<DataKernel, float>(descriptor, _kernel);
    }

    /// <summary>Describes the sampler.</summary>
    public SamplerDescriptor Descriptor { get; }

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T})"/>
    public void Integrate(Span<float> states) => BlockDriver.Integrate(_kernel, states);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, int, int)"/>
    public void Integrate(Span<float> states, int firstSegment, int segmentCount) => BlockDriver.Integrate(_kernel, states, firstSegment, segmentCount);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{T}, int, int)"/>
    public void Integrate(Span<float> states, Span<float> history, int firstSegment, int segmentCount)
        => BlockDriver.Integrate(_kernel, states, history, firstSegment, segmentCount);

    /// <inheritdoc cref="IFlowSampler{TSelf, T}.Integrate(Span{T}, Span{FlowError})"/>
    public void Integrate(Span<float> states, Span<FlowError> errors) => _errors.Integrate(states, errors);

    /// <summary>Draws x_T from the prior and integrates it, as <see cref="FlowSampling.Sample"/> does.</summary>
    /// <param name="count">n, the number of samples to draw.</param>
    /// <param name="seed">The seed of the random numbers.</param>
    /// <param name="options">Prior, first index and threads.</param>
    /// <param name="progress">Receives the number of finished samples after each batch, in increasing order.</param>
    /// <param name="cancellationToken">Stops within a batch.</param>
    /// <returns>n×d values, row-major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative or more than an array holds, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public float[] Sample(
        long count, ulong seed, SamplingOptions? options = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
        => FlowSampling.Run<float>(Descriptor.Model, count, seed, options, Integrate, null, progress, cancellationToken);
}
