namespace FlowDsl.Mathematics;

/// <summary>A layered network. Each unit is a nonlinearity of an affine function of the previous layer; the last layer is affine.</summary>
public sealed class LayeredNetwork
{
    private LayeredNetwork(int inputs, IReadOnlyList<NetworkLayer> layers)
    {
        (Inputs, Layers) = (inputs, layers);
        Depth = layers.Count - 1;
        Width = layers.Take(Depth).Select(layer => layer.Units.Count).DefaultIfEmpty().Max();
        NonZeros = layers.Sum(layer => layer.Units.Sum(unit => unit.Weights.Count + (unit.Bias == 0 ? 0 : 1)));
        LargestWeight = layers.SelectMany(layer => layer.Units)
            .SelectMany(unit => unit.Weights.Select(weight => Math.Abs(weight.Value)).Append(Math.Abs(unit.Bias)))
            .DefaultIfEmpty().Max();
    }

    /// <summary>The number of inputs.</summary>
    public int Inputs { get; }

    /// <summary>The hidden layers, then the affine one.</summary>
    public IReadOnlyList<NetworkLayer> Layers { get; }

    /// <summary>The number of hidden layers.</summary>
    public int Depth { get; }

    /// <summary>The number of units in the widest hidden layer.</summary>
    public int Width { get; }

    /// <summary>The number of weights and biases that are not 0.</summary>
    public int NonZeros { get; }

    /// <summary>The largest absolute value of a weight or bias.</summary>
    public double LargestWeight { get; }

    /// <summary>
    /// Arranges units in layers. A value that is read beyond the next layer is carried through the layers between, by one ReLU per value and layer.
    /// </summary>
    /// <param name="inputs">The lower bounds of the inputs.</param>
    /// <param name="units">Inputs and units.</param>
    /// <param name="outputs">The outputs.</param>
    internal static LayeredNetwork Of(double[] inputs, IReadOnlyList<NetworkUnit> units, AffineForm[] outputs)
    {
        int depth = outputs.SelectMany(output => output.Terms).Select(term => units[term.Unit].Level).DefaultIfEmpty().Max();
        // The last layer that reads each.
        int[] last = new int[units.Count];
        foreach ((int operand, _) in outputs.SelectMany(output => output.Terms)) last[operand] = depth + 1;
        // Operands come first, so going backwards, it is known whether a unit is needed before the unit is reached.
        for (int i = units.Count - 1; i >= 0; i--)
            if (last[i] > 0) foreach ((int operand, _) in units[i].Argument.Terms) last[operand] = Math.Max(last[operand], units[i].Level);

        var layers = new List<NetworkLayer>();
        // Where each known value is read from: units of the previous layer, with factors.
        var known = new Dictionary<int, (int Place, double Factor)[]>();
        for (int i = 0; i < inputs.Length; i++) known[i] = [(i, 1)];
        for (int level = 1; level <= depth; level++)
        {
            var layer = new List<LayerUnit>();
            var next = new Dictionary<int, (int, double)[]>();
            foreach (NetworkUnit unit in units)
            {
                if (unit.Index < inputs.Length || unit.Level != level || last[unit.Index] == 0) continue;
                next[unit.Index] = [(layer.Count, 1)];
                layer.Add(new LayerUnit(unit.Kind, unit.Argument.Constant, Weights(unit.Argument)));
            }
            foreach (KeyValuePair<int, (int Place, double Factor)[]> value in known.OrderBy(value => value.Key))
            {
                if (last[value.Key] <= level) continue;
                if (value.Key < inputs.Length && level == 1)
                {
                    bool isSigned = inputs[value.Key] < 0;
                    next[value.Key] = isSigned ? [(layer.Count, 1), (layer.Count + 1, -1)] : [(layer.Count, 1)];
                    layer.Add(new LayerUnit(UnitKind.ReLU, 0, [(value.Key, 1)]));
                    if (isSigned) layer.Add(new LayerUnit(UnitKind.ReLU, 0, [(value.Key, -1)]));
                    continue;
                }
                next[value.Key] = [.. value.Value.Select((part, i) => (layer.Count + i, part.Factor))];
                foreach ((int place, _) in value.Value) layer.Add(new LayerUnit(UnitKind.ReLU, 0, [(place, 1)]));
            }
            layers.Add(new NetworkLayer(layer));
            known = next;
        }
        layers.Add(new NetworkLayer([.. outputs.Select(output => new LayerUnit(null, output.Constant, Weights(output)))]));
        return new LayeredNetwork(inputs.Length, layers);

        IReadOnlyList<(int, double)> Weights(AffineForm form)
        {
            var weights = new SortedDictionary<int, double>();
            foreach ((int unit, double factor) in form.Terms)
                foreach ((int place, double part) in known[unit])
                    weights[place] = factor * part;
            return [.. weights.Select(weight => (weight.Key, weight.Value))];
        }
    }

    /// <summary>Evaluates the network layer by layer.</summary>
    /// <param name="input">The inputs.</param>
    /// <returns>The outputs.</returns>
    /// <exception cref="ArgumentException">The number of inputs differs from the network's.</exception>
    public double[] Evaluate(ReadOnlySpan<double> input)
    {
        if (input.Length != Inputs) throw new ArgumentException($"There are {input.Length} inputs; the network has {Inputs}.", nameof(input));
        double[] values = input.ToArray();
        foreach (NetworkLayer layer in Layers)
        {
            double[] next = new double[layer.Units.Count];
            for (int i = 0; i < next.Length; i++)
            {
                LayerUnit unit = layer.Units[i];
                double sum = unit.Bias;
                foreach ((int place, double weight) in unit.Weights) sum += weight * values[place];
                double positive = Math.Max(0, sum);
                next[i] = unit.Kind switch { UnitKind.ReLU => positive, UnitKind.ReQU => positive * positive, _ => sum };
            }
            values = next;
        }
        return values;
    }
}

/// <summary>A layer.</summary>
/// <param name="Units">Its units.</param>
public sealed record NetworkLayer(IReadOnlyList<LayerUnit> Units)
{
    /// <inheritdoc/>
    public bool Equals(NetworkLayer? other) => other is not null && Units.SequenceEqual(other.Units);

    /// <inheritdoc/>
    public override int GetHashCode() => Units.Count.GetHashCode();
}

/// <summary>A unit of a layer.</summary>
/// <param name="Kind">Its nonlinearity; null for an affine one.</param>
/// <param name="Bias">Its bias.</param>
/// <param name="Weights">Its nonzero weights, by the index of the unit in the previous layer.</param>
public sealed record LayerUnit(UnitKind? Kind, double Bias, IReadOnlyList<(int Place, double Value)> Weights)
{
    /// <inheritdoc/>
    public bool Equals(LayerUnit? other) => other is not null && (Kind, Bias).Equals((other.Kind, other.Bias)) && Weights.SequenceEqual(other.Weights);

    /// <inheritdoc/>
    public override int GetHashCode() => (Kind, Bias, Weights.Count).GetHashCode();
}
