namespace FlowDsl.Generators.Planning.Forms;

/// <summary>Chooses the form of an evaluation by what it costs.</summary>
internal static class EvaluationForms
{
    /// <summary>All forms; of two that cost the same the first is taken.</summary>
    public static IReadOnlyList<IEvaluationForm> All { get; } =
        [new AffineForm(), new TwoComponentForm(), new EquallySpacedForm(), new NearestForm(), new MirroredForm(), new OneSidedForm(), new SharedCovarianceForm(), new DirectForm()];

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
            choices.Add(new FormChoice(form, OperationCost.Of(trial.Live(slope.Excess is null ? values : [.. values, slope.Excess]), evaluation.Precision)));
        }
        return [.. choices.OrderBy(choice => choice.Cost)];
    }
}

/// <summary>A form and what it costs.</summary>
/// <param name="Form">The form.</param>
/// <param name="Cost">The sum of <see cref="OperationCost"/> over an evaluation and its step.</param>
internal sealed record FormChoice(IEvaluationForm Form, int Cost);
