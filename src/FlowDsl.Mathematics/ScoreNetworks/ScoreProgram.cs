using System.ComponentModel;

namespace FlowDsl.Mathematics.ScoreNetworks;

/// <summary>
/// The arithmetic of a score network without carried values: units that depend only on t are computed once for all samples, and enter those of x as biases.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ScoreProgram
{
    /// <summary>Analyses a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dimension">d.</param>
    public ScoreProgram(ScoreNetwork network, int dimension)
    {
        Dimension = dimension;
        IReadOnlyList<NetworkUnit> units = network.Units;
        bool[] isNeeded = new bool[units.Count], isOfX = new bool[units.Count];
        foreach ((int unit, _) in network.Outputs.SelectMany(output => output.Terms)) isNeeded[unit] = true;
        for (int i = units.Count - 1; i >= 0; i--)
            if (isNeeded[i]) foreach ((int operand, _) in units[i].Argument.Terms) isNeeded[operand] = true;
        for (int i = 0; i < units.Count; i++) isOfX[i] = i < dimension || units[i].Argument.Terms.Any(term => isOfX[term.Unit]);

        int[] clockPlace = new int[units.Count], place = new int[units.Count];
        var clockUnits = new List<ProgramUnit>();
        var biases = new List<ProgramUnit>();
        var ofX = new List<ProgramUnit>();
        // The square of a value that is also carried is the square of the carried value.
        var kept = new Dictionary<(IReadOnlyList<(int, double)>, double), int>();
        for (int j = 0; j < dimension; j++) place[j] = j;
        // Layer by layer, so that the components' chains run side by side. Index 0 of the clock is t.
        foreach (NetworkUnit unit in units.Where(unit => unit.Index >= network.Inputs && isNeeded[unit.Index])
            .OrderBy(unit => unit.Level).ThenBy(unit => unit.Kind))
        {
            int i = unit.Index;
            AffineForm argument = unit.Argument;
            var key = (argument.Terms, argument.Constant);
            if (unit.Kind == UnitKind.ReLU) kept[key] = i;
            else if (kept.TryGetValue(key, out int own) && units[own].Level == unit.Level)
                argument = new AffineForm(0, [(own, 1)], argument.Low, argument.High);
            if (isOfX[i])
            {
                place[i] = dimension + ofX.Count;
                ofX.Add(Split(unit.Kind, argument, unit.Level) with { Purpose = unit.Purpose });
            }
            else
            {
                clockPlace[i] = 1 + clockUnits.Count;
                (int, double)[] terms = [.. argument.Terms.Select(term => (clockPlace[term.Unit], term.Factor))];
                clockUnits.Add(new ProgramUnit(unit.Kind, argument.Constant, -1, terms, unit.Level) { Purpose = unit.Purpose });
            }
        }
        (ClockUnits, Units) = (clockUnits, ofX);
        Outputs = [.. network.Outputs.Select(output => Split(null, output, 1 + units.Max(unit => unit.Level)))];
        Biases = biases;

        ProgramUnit Split(UnitKind? kind, AffineForm form, int level)
        {
            (int, double)[] own = [.. form.Terms.Where(term => isOfX[term.Unit]).Select(term => (place[term.Unit], term.Factor))];
            (int, double)[] ofT = [.. form.Terms.Where(term => !isOfX[term.Unit]).Select(term => (clockPlace[term.Unit], term.Factor))];
            if (ofT.Length == 0) return new ProgramUnit(kind, form.Constant, -1, own, level);
            biases.Add(new ProgramUnit(null, form.Constant, -1, ofT, 0));
            return new ProgramUnit(kind, 0, biases.Count - 1, own, level);
        }
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The units that depend only on t, in order; operand 0 is t, operand i + 1 is unit i.</summary>
    public IReadOnlyList<ProgramUnit> ClockUnits { get; }

    /// <summary>The biases of the other units: affine functions of the units of t.</summary>
    public IReadOnlyList<ProgramUnit> Biases { get; }

    /// <summary>The other units, in order; operands below d are coordinates, operand d + i is unit i.</summary>
    public IReadOnlyList<ProgramUnit> Units { get; }

    /// <summary>The score's coordinates.</summary>
    public IReadOnlyList<ProgramUnit> Outputs { get; }

    /// <summary>The number of multiply-adds per sample.</summary>
    public int Operations => Units.Concat(Outputs).Sum(unit => unit.Terms.Count);

    /// <summary>Computes the biases at a time.</summary>
    /// <param name="t">The time.</param>
    /// <param name="biases">Receives one value for each of the <see cref="Biases"/>.</param>
    public void Clock(double t, Span<double> biases)
    {
        double[] values = new double[1 + ClockUnits.Count];
        values[0] = t;
        for (int i = 0; i < ClockUnits.Count; i++)
        {
            double positive = Math.Max(0, ClockUnits[i].Sum(values));
            values[i + 1] = ClockUnits[i].Kind == UnitKind.ReQU ? positive * positive : positive;
        }
        for (int i = 0; i < Biases.Count; i++) biases[i] = Biases[i].Sum(values);
    }
}

/// <summary>A unit of a <see cref="ScoreProgram"/>.</summary>
/// <param name="Kind">Its nonlinearity; null for an affine function.</param>
/// <param name="Constant">Its bias if that does not depend on t.</param>
/// <param name="Bias">The index of its bias from the clock; -1 for none.</param>
/// <param name="Terms">Operands and factors.</param>
/// <param name="Level">The layer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProgramUnit(UnitKind? Kind, double Constant, int Bias, IReadOnlyList<(int Operand, double Factor)> Terms, int Level)
{
    /// <summary>What it is a part of, for readers: a noun such as <c>gap</c>.</summary>
    public string Purpose { get; init; } = "unit";

    /// <inheritdoc/>
    public bool Equals(ProgramUnit? other) => other is not null && (Kind, Constant, Bias, Level).Equals((other.Kind, other.Constant, other.Bias, other.Level))
        && Terms.SequenceEqual(other.Terms);

    /// <inheritdoc/>
    public override int GetHashCode() => (Kind, Constant, Bias, Terms.Count, Level).GetHashCode();

    internal double Sum(double[] values)
    {
        double sum = Constant;
        foreach ((int operand, double factor) in Terms) sum += factor * values[operand];
        return sum;
    }
}
