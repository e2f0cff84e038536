using FlowDsl.Examples;
using FlowDsl.Hosting;

// The host has its commands; without one, the picture is drawn and the table of memorisation printed.
if (args is ["memorisation", .. var rest])
{
    if (rest is not ([] or ["--write", _])) return Refuse();
    var results = Memorisation.AtManyStops();
    Console.Write(results);
    if (rest is [_, var file]) results.Write(file);
    return 0;
}
if (args is not ([] or ["--out", _])) return FlowHost.Run(args);
const int Count = 80;
string path = args is [_, var named] ? named : "digits.png";

float[] samples = Digits.Fast.Sample(Count, seed: 1);
double[] training = DataTable.Read(Path.Combine(AppContext.BaseDirectory, "digits.csv")).Rows.ToArray();
double[] neighbours = new double[samples.Length], distances = new double[Count];
for (int i = 0; i < Count; i++)
{
    (int nearest, distances[i]) = Neighbours.Nearest(training, Array.ConvertAll(samples[Digit(i)], value => (double)value));
    training.AsSpan(Digit(nearest)).CopyTo(neighbours.AsSpan(Digit(i)));
}
Picture.Save(path, Array.ConvertAll(samples, value => (double)value), neighbours);
Console.WriteLine($"{path}: {Count} samples of {Digits.Fast.Descriptor.FunctionEvaluations} velocity evaluations each, "
    + "and beside them the training digit nearest to each.");
Console.WriteLine($"Root mean square distances in a pixel, of 16 grey levels: "
    + $"sample to nearest training digit {distances.Average():F2}, training digit to nearest other {Neighbours.TypicalDistance(training):F2}.");
Console.Write($"\nWhat is memorised of a training half (all stops by -- memorisation):\n\n{Memorisation.AtTheEnd()}");
return 0;

static Range Digit(int i) => (i * Digits.Dimension)..((i + 1) * Digits.Dimension);

static int Refuse()
{
    Console.Error.WriteLine("usage: memorisation [--write FILE.json]");
    return 2;
}
