using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Numerics;

namespace FlowDsl.Training;

/// <summary>Everything that decides the weights of a training, by name. Two trainings must agree in it for one to continue the other.</summary>
internal sealed class TrainingFingerprint
{
    private readonly SortedDictionary<string, string> _parts = new(StringComparer.Ordinal);

    private TrainingFingerprint()
    {
    }

    /// <summary>The parts, by name.</summary>
    public IReadOnlyDictionary<string, string> Parts => _parts;

    /// <summary>The fingerprint of a training.</summary>
    /// <param name="student">The student.</param>
    /// <param name="law">What samples are drawn from.</param>
    /// <param name="target">The function that it learns.</param>
    /// <param name="options">The training options. Threads and the checkpoint do not change any bit of the weights.</param>
    public static TrainingFingerprint Of(StudentDescriptor student, GaussianMixtureModel law, string target, TrainingOptions options)
    {
        SamplerDescriptor sampler = student.Sampler;
        GaussianMixtureModel model = sampler.Model;
        var print = new TrainingFingerprint();
        print.Add("version", typeof(TrainingFingerprint).Assembly.GetName().Version!.ToString());
        print.Add("target", target);
        print.Add("student", sampler.Name);
        print.Add("form", student.Shape.Form.ToString());
        print.Add("activation", student.Shape.Activation.ToString());
        print.Add("coordinates", student.Shape.Coordinates);
        print.Add("components", student.Shape.Components);
        print.Add("width", student.Shape.Width);
        print.Add("depth", student.Shape.Depth);
        print.Add("weight bound", student.WeightBound);
        print.Add("bounded biases", student.BoundBiases.ToString());
        print.AddHash("mixture", MixtureJson.Write(law.Mixture));
        print.Add("process", law.Process.Description);
        if (law.Process is VariancePreservingProcess preserving) print.AddList("noise levels", preserving.Schedule.Sigmas);
        print.Add("horizon", law.Process.Horizon);
        print.Add("early stop", law.Process.EarlyStop);
        print.AddList("times", sampler.Times);
        // The reference: its method, its chart with the variance, and its steps.
        print.Add("reference solver", sampler.Solver.ToString());
        print.Add("reference chart", sampler.Frame.ToString());
        print.AddList("reference times", student.Teacher(model.Process.Horizon, model.Process.EarlyStop).Steps.Select(step => step.To));
        print.Add("steps", options.Steps);
        print.Add("batch size", options.BatchSize);
        print.Add("learning rate", options.LearningRate);
        print.Add("decay", options.Decay.ToString());
        print.Add("weight decay", options.WeightDecay);
        print.Add("clip norm", options.ClipNorm);
        print.Add("finish iterations", options.FinishIterations);
        print.Add("finish samples", options.FinishSamples);
        print.Add("evaluation samples", options.EvaluationSamples);
        print.Add("seed", options.Seed.ToString(CultureInfo.InvariantCulture));
        return print;
    }

    /// <summary>Describes what differs from the parts in a file; null if nothing does.</summary>
    /// <param name="metadata">The file's metadata.</param>
    /// <param name="prefix">The prefix of the parts' names there.</param>
    public string? Difference(IReadOnlyDictionary<string, string> metadata, string prefix)
    {
        if (!_parts.Keys.Any(name => metadata.ContainsKey(prefix + name))) return "it is not a checkpoint of this version's training";
        string[] differences = [.. _parts.Where(part => metadata.GetValueOrDefault(prefix + part.Key) != part.Value)
            .Select(part => Describe(part.Key, metadata.GetValueOrDefault(prefix + part.Key), part.Value))];
        return differences.Length == 0 ? null : string.Join("; ", differences);
    }

    private static string Describe(string name, string? own, string other)
        => IsHash(other) ? $"its {name} differ{(name.EndsWith('s') ? "" : "s")}" : $"its {name} is {own ?? "not said"}, and this one's is {other}";

    private static bool IsHash(string value) => value.StartsWith(HashPrefix, StringComparison.Ordinal);

    private const string HashPrefix = "sha256:";

    private void Add(string name, string value) => _parts.Add(name, value);

    private void Add(string name, int value) => _parts.Add(name, value.ToString(CultureInfo.InvariantCulture));

    private void Add(string name, double value) => _parts.Add(name, PortableNumber.Format(value));

    private void AddHash(string name, string text) => _parts.Add(name, HashPrefix + Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    private void AddList(string name, IEnumerable<double> values) => AddHash(name, string.Join(" ", values.Select(value => PortableNumber.Format(value))));
}
