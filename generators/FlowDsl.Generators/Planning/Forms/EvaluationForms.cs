using FlowDsl.Generators.Planning.Arithmetic;
using FlowDsl.Generators.Planning.Targets;

namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Chooses the form of an evaluation by what it costs.</summary>
internal static class EvaluationForms
{
    /// <summary>All forms; of two that cost the same the first is taken.</summary>
    public static IReadOnlyList<IEvaluationForm> All { get; } =
    [
        new AffineForm(), new MomentsForm(),
        new NearestForm(isOwned: true), new TwoComponentForm(isOwned: true), new OneSidedForm(isOwned: true), new SharedCovarianceForm(isOwned: true),
        new DirectForm(isOwned: true),
        new TwoComponentForm(isOwned: false), new EquallySpacedForm(), new NearestForm(isOwned: false), new MirroredForm(),
        new OneSidedForm(isOwned: false), new SharedCovarianceForm(isOwned: false),
        new FewerComponentsForm(),
        new DirectForm(isOwned: false),
    ];

    /// <summary>The forms that apply with their costs, the cheapest first.</summary>
    /// <param name="evaluation">The evaluation.</param>
    public static FormChoice[] Rank(Evaluation evaluation)
    {
        var choices = new List<FormChoice>();
        foreach (IEvaluationForm form in All)
        {
            var trial = new Graph();
            Node[] x = [.. Enumerable.Range(0, evaluation.Dimension).Select(j => trial.Load(j, "x"))];
            if (form.Build(trial, evaluation, x) is not { } slope) continue;
            Node[] values = slope.AddTo(trial, [.. x.Select(node => LinearSum.Of(node))], 0.5);
            choices.Add(new FormChoice(
                form,
                OperationCost.Of(trial.Live(slope.Excess is null ? values : [.. values, slope.Excess]), evaluation.Precision),
                slope.Excess is null
                    && slope.Fractions.All(fraction => fraction is null)
                && slope.Affine.All(sum => sum.Terms.All(term => term.Node.Operation == Operation.Load))));
        }
        return [.. choices.OrderBy(choice => choice.Cost)];
    }
}

/// <summary>A form and what it costs.</summary>
/// <param name="Form">The form.</param>
/// <param name="Cost">The sum of <see cref="OperationCost"/> over an evaluation and its step.</param>
/// <param name="IsAffine">Whether it is affine in x, for every x.</param>
internal sealed record FormChoice(IEvaluationForm Form, int Cost, bool IsAffine);
