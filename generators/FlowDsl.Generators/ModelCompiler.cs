using FlowDsl.Generators.Emission;
using FlowDsl.Generators.Model;
using FlowDsl.Generators.Planning;
using FlowDsl.Generators.Reading;
using FlowDsl.Generators.Validation;

namespace FlowDsl.Generators;

/// <summary>Takes a model through the rooms: Analysis, Planning, Emission. Values in, values out.</summary>
internal static class ModelCompiler
{
    /// <summary>Compiles a model whose file was looked up.</summary>
    public static CompiledModel Compile(ModelInput input, CancellationToken cancellationToken)
    {
        List<Issue> issues = [.. input.Issues];
        WeightsContent[] weights = [.. input.Weights.Select(named => named.Open(input.Spec, issues))];
        CompiledModel compiled = Compile(
            input.Spec, input.Mixture?.ToString(), new EquatableArray<WeightsContent>(weights), cancellationToken, input.Profiles, input.Solvers);
        return issues.Count == 0 ? compiled : compiled with { Issues = new EquatableArray<Issue>([.. issues, .. compiled.Issues]) };
    }

    /// <summary>Compiles a model.</summary>
    /// <param name="spec">The model as declared.</param>
    /// <param name="fileText">The text of the file that it names; null where it names none or it was not found.</param>
    /// <param name="weights">The files of weights, under the names of the students.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="profiles">The profiles, under the names of the samplers.</param>
    /// <param name="solvers">The tuned solvers, under the names of the samplers.</param>
    public static CompiledModel Compile(
        ModelSpec spec, string? fileText, EquatableArray<WeightsContent> weights, CancellationToken cancellationToken,
        EquatableArray<NamedProfile> profiles = default, EquatableArray<NamedSolver> solvers = default)
    {
        List<Issue> issues = [];
        string? source = null;
        RegisteredModel? registered = null;
        try
        {
            if (ModelValidator.Read(spec, fileText, weights, issues, cancellationToken, profiles, solvers) is { } model)
            {
                ModelPlan plan = ModelPlanner.Plan(model, issues, cancellationToken);
                source = ModelEmitter.Emit(plan);
                registered = RegistryEmitter.Entry(plan);
            }
        }
        // A cancelled run must not be remembered as a result.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            issues.Add(InternalError.ToIssue(spec.Type.DisplayName, exception));
        }
        return new CompiledModel(spec.Type.HintName, source, new EquatableArray<Issue>(issues.ToArray()), registered);
    }
}
