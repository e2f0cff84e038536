using FlowDsl.Mathematics;

namespace FlowDsl.Generators.Planning.Students;

/// <summary>Lays out the arithmetic of a student's segment.</summary>
internal sealed class StudentProgramPlanner
{
    private readonly StudentShape _shape;
    private readonly List<RowGroup> _rows = [];
    private readonly List<StudentStep> _steps = [];
    private int _rowCount;

    private StudentProgramPlanner(StudentShape shape) => _shape = shape;

    /// <summary>The arithmetic of a shape.</summary>
    public static StudentProgramPlan Plan(StudentShape shape)
    {
        var planner = new StudentProgramPlanner(shape);
        RowGroup result = planner.Plan();
        return new StudentProgramPlan(planner._rows, planner._rowCount, result, planner._steps);
    }

    private RowGroup Plan()
    {
        RowGroup coordinates = Rows("Coordinates", _shape.Coordinates);
        switch (_shape.Form)
        {
            case StudentForm.Plain:
                return Network(coordinates);
            case StudentForm.Residual:
            {
                RowGroup output = Network(coordinates);
                _steps.Add(new AddStep("What changes is added to the coordinates.", coordinates, output));
                return output;
            }
            case StudentForm.ClosedFormPlusResidual:
            {
                RowGroup closed = Rows("ClosedForm", _shape.Coordinates), features = Rows("Features", _shape.Coordinates);
                _steps.Add(new KnownLayerStep(
                    "The exact map of the Gaussian of the mixture's mean and covariance.", Learns: false, "ClosedForm", coordinates, closed));
                _steps.Add(new StandardizeStep("The network reads standardised coordinates.", coordinates, features));
                RowGroup output = Network(features);
                _steps.Add(new AddStep("What the Gaussian's map lacks is added to it.", closed, output));
                return output;
            }
            case StudentForm.ResponsibilityCorrected:
                return PlanCorrection(coordinates);
            default:
                return PlanTrapezoid(coordinates);
        }
    }

    private RowGroup PlanCorrection(RowGroup coordinates)
    {
        RowGroup logits = Rows("Logits", _shape.Components), features = Rows("Features", _shape.Inputs);
        RowGroup responsibilities = new("Responsibilities", features.First + _shape.Coordinates, _shape.Components);
        _rows.Add(responsibilities);
        _steps.Add(new KnownLayerStep("The exact logits and responsibilities at the segment's start.", Learns: false, "Logits", coordinates, logits));
        _steps.Add(new CopyStep(null, logits, responsibilities));
        _steps.Add(new SoftmaxStep(Learns: false, responsibilities));
        _steps.Add(new StandardizeStep("The network reads standardised coordinates and the responsibilities.", coordinates, features));
        RowGroup output = Network(features), result = Rows("Result", _shape.Coordinates);
        _steps.Add(new AddStep("Corrected logits give the mean responsibilities of the segment, and these the result.", logits, output));
        _steps.Add(new SoftmaxStep(Learns: true, output));
        _steps.Add(new KnownLayerStep(null, Learns: true, "Means", output, result));
        _steps.Add(new AddStartStep(coordinates, result));
        return result;
    }

    private RowGroup PlanTrapezoid(RowGroup coordinates)
    {
        RowGroup logits = Rows("Logits", _shape.Components), features = Rows("Features", _shape.Inputs);
        RowGroup responsibilities = Part("Responsibilities", _shape.Coordinates), atEnd = Part("EndResponsibilities", _shape.Coordinates + _shape.Components);
        RowGroup predicted = Rows("Predicted", _shape.Coordinates), endLogits = Rows("EndLogits", _shape.Components);
        _steps.Add(new KnownLayerStep("The exact logits and responsibilities at the segment's start.", Learns: false, "Logits", coordinates, logits));
        _steps.Add(new CopyStep(null, logits, responsibilities));
        _steps.Add(new SoftmaxStep(Learns: false, responsibilities));
        _steps.Add(new KnownLayerStep(
            "The same at its end, where a step with these responsibilities leads.", Learns: false, "Means", responsibilities, predicted));
        _steps.Add(new AddStartStep(coordinates, predicted));
        _steps.Add(new KnownLayerStep(null, Learns: false, "EndLogits", predicted, endLogits));
        _steps.Add(new CopyStep(null, endLogits, atEnd));
        _steps.Add(new SoftmaxStep(Learns: false, atEnd));
        _steps.Add(new StandardizeStep("The network reads standardised coordinates and both responsibilities.", coordinates, features));
        RowGroup output = Network(features), result = Rows("Result", _shape.Coordinates);
        _steps.Add(new AddHalfStep("Corrected means of the logits give the mean responsibilities of the segment, and these the result.", logits, output));
        _steps.Add(new AddHalfStep(null, endLogits, output));
        _steps.Add(new SoftmaxStep(Learns: true, output));
        _steps.Add(new KnownLayerStep(null, Learns: true, "Means", output, result));
        _steps.Add(new AddStartStep(coordinates, result));
        return result;

        RowGroup Part(string name, int offset)
        {
            var part = new RowGroup(name, features.First + offset, _shape.Components);
            _rows.Add(part);
            return part;
        }
    }

    private RowGroup Network(RowGroup input)
    {
        int offset = 0;
        RowGroup from = input;
        for (int layer = 0; layer < _shape.LayerCount; layer++)
        {
            bool isOutput = layer == _shape.Depth;
            RowGroup to = Rows(isOutput ? "Output" : $"Hidden{layer + 1}", _shape.OutputsOf(layer));
            string inputs = Count(_shape.InputsOf(layer), "input");
            string comment = isOutput ? $"Output: {Count(_shape.OutputsOf(layer), "value")} of {inputs}."
                : $"Hidden layer {layer + 1}: {Count(_shape.OutputsOf(layer), "unit")} of {inputs}, {_shape.ActivationOf(layer)}.";
            _steps.Add(new LearnedLayerStep(comment, Learns: layer > 0, layer, offset, _shape.ParameterCountOf(layer), from, to));
            if (!isOutput) _steps.Add(new ActivationStep(_shape.ActivationOf(layer), to, layer * _shape.Width));
            offset += _shape.ParameterCountOf(layer);
            from = to;
        }
        return from;
    }

    // Layers write rows in pairs.
    private RowGroup Rows(string name, int count)
    {
        var group = new RowGroup(name, _rowCount, count);
        _rows.Add(group);
        _rowCount += (count + 1) / 2 * 2;
        return group;
    }

    private static string Count(int count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";
}
