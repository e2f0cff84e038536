using FlowDsl.Mathematics.Structure;

namespace FlowDsl.Mathematics;

/// <summary>
/// The network of a student: <see cref="Depth"/> hidden layers of <see cref="Width"/> units and an output layer, one such network per segment.
/// </summary>
/// <param name="Form">What the network's output means.</param>
/// <param name="Activation">The activation of the hidden layers.</param>
/// <param name="Coordinates">r, the number of coordinates that the student maps: d, or those in the span of the means.</param>
/// <param name="Components">K, the number of components of the mixture in these coordinates.</param>
/// <param name="Width">The number of units per hidden layer.</param>
/// <param name="Depth">The number of hidden layers.</param>
public sealed record StudentShape(StudentForm Form, Activation Activation, int Coordinates, int Components, int Width, int Depth)
{
    /// <summary>Whether the network corrects responsibilities.</summary>
    public bool CorrectsResponsibilities => Corrects(Form);

    /// <summary>The number of inputs: the coordinates, and the responsibilities if the network corrects them.</summary>
    public int Inputs => Coordinates + Form switch
    {
        StudentForm.ResponsibilityCorrected => Components,
        StudentForm.TrapezoidCorrected => 2 * Components,
        _ => 0,
    };

    /// <summary>The number of outputs: coordinates, or a correction of each component's logit.</summary>
    public int Outputs => CorrectsResponsibilities ? Components : Coordinates;

    /// <summary>The number of dense layers.</summary>
    public int LayerCount => Depth + 1;

    /// <summary>The number of weights and biases of one segment's network.</summary>
    public int ParameterCount => Enumerable.Range(0, LayerCount).Sum(ParameterCountOf);

    /// <summary>The number of inputs of a layer.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public int InputsOf(int layer) => layer == 0 ? Inputs : Width;

    /// <summary>The number of outputs of a layer.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public int OutputsOf(int layer) => layer == Depth ? Outputs : Width;

    /// <summary>The number of weights and biases of a layer.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public int ParameterCountOf(int layer) => (InputsOf(layer) + 1) * OutputsOf(layer);

    /// <summary>The activation of a hidden layer, never <see cref="Activation.Alternating"/>.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public Activation ActivationOf(int layer) => Activation != Activation.Alternating ? Activation
        : layer % 2 == 0 ? Activation.ReLU
        : Activation.ReQU;

    /// <summary>Whether the network of a form corrects responsibilities: this needs components that share one isotropic covariance.</summary>
    /// <param name="form">The form.</param>
    public static bool Corrects(StudentForm form) => form is StudentForm.ResponsibilityCorrected or StudentForm.TrapezoidCorrected;

    /// <summary>The shape of a student of a mixture.</summary>
    /// <param name="form">What the network's output means.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="width">The number of units per hidden layer.</param>
    /// <param name="depth">The number of hidden layers.</param>
    /// <param name="mixture">The mixture.</param>
    public static StudentShape Create(StudentForm form, Activation activation, int width, int depth, Mixture mixture)
    {
        Mixture mapped = SpanOf(form, mixture)?.Reduced ?? mixture;
        return new StudentShape(form, activation, mapped.Dimension, mapped.Count, width, depth);
    }

    /// <summary>
    /// The axes along which a student maps: those of the means' span if they are fewer than the coordinates and the form has a closed form for the
    /// rest; null for the given coordinates.
    /// </summary>
    /// <param name="form">What the network's output means.</param>
    /// <param name="mixture">The mixture.</param>
    internal static MeansSpan? SpanOf(StudentForm form, Mixture mixture)
        => (form == StudentForm.ClosedFormPlusResidual || Corrects(form)) && MeansSpan.Find(mixture) is { IsWhole: false } span ? span : null;
}
