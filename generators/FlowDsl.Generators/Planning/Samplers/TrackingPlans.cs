using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Solvers;

namespace FlowDsl.Generators.Planning.Samplers;

/// <summary>What a sampler is compared with for its errors.</summary>
/// <param name="Program">The companion.</param>
/// <param name="Form">The form of its kernel.</param>
internal sealed record CompanionPlan(FlowProgram Program, FormPlan Form);

/// <summary>What straight-line methods track besides the states.</summary>
/// <param name="Errors">The estimates of the steps' own errors; null where there are none.</param>
/// <param name="Count">The number of tangents, the sample's error first.</param>
internal sealed record TrackedPlan(LocalErrors? Errors, int Count);

/// <summary>A sampler with tangents as straight-line methods.</summary>
/// <param name="Kernel">Its methods; the rows count in those of all tangents.</param>
/// <param name="End">The method after the last segment; null where there are no estimates of the steps' own errors.</param>
/// <param name="Layout">Where the rows are.</param>
/// <param name="Count">The number of tangents.</param>
internal sealed record TangentPlan(KernelPlan Kernel, MethodPlan? End, RowLayout Layout, int Count);
