using System.Globalization;
using FlowDsl.Mathematics;
using FlowDsl.Training;

namespace FlowDsl.Examples.Transformers;

/// <summary>The state of a training, in memory and in a file, which is replaced atomically.</summary>
/// <param name="count">The number of parameters.</param>
/// <param name="identity">What decides the parameters after a number of steps: the state of another training is rejected.</param>
internal sealed class NetworkState(int count, string identity)
{
    private const string IdentityKey = "training", StepsKey = "steps", SecondsKey = "seconds";

    /// <summary>The parameters.</summary>
    public float[] Parameters { get; } = new float[count];

    /// <summary>The optimiser.</summary>
    public AdamW Optimizer { get; } = new(count);

    /// <summary>The number of steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>The time that they took.</summary>
    public double Seconds { get; set; }

    /// <summary>Takes the state of a file, if it is there.</summary>
    /// <returns>Whether it is.</returns>
    /// <exception cref="InvalidOperationException">The file is of another training.</exception>
    public bool TryRestore(string path)
    {
        if (!File.Exists(path)) return false;
        SafeTensors file = SafeTensors.Read(File.ReadAllBytes(path));
        if (!file.Metadata.TryGetValue(IdentityKey, out string? other) || other != identity)
            throw new InvalidOperationException(
                $"The checkpoint {path} belongs to another training: '{other}' instead of '{identity}'. Delete it or name another file.");
        foreach ((string name, float[] values) in Tensors()) file.Find(name)!.Values.CopyTo(values);
        Steps = int.Parse(file.Metadata[StepsKey], CultureInfo.InvariantCulture);
        Seconds = double.Parse(file.Metadata[SecondsKey], CultureInfo.InvariantCulture);
        return true;
    }

    /// <summary>Writes the state; the folder need not be there.</summary>
    public void Save(string path)
    {
        var metadata = new Dictionary<string, string>
        {
            [IdentityKey] = identity,
            [StepsKey] = Steps.ToString(CultureInfo.InvariantCulture),
            [SecondsKey] = Seconds.ToString("R", CultureInfo.InvariantCulture),
        };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string partial = path + ".partial";
        IEnumerable<NamedTensor> tensors = Tensors().Select(own => new NamedTensor(own.Name, [own.Values.Length], [.. own.Values]));
        File.WriteAllBytes(partial, new SafeTensors(tensors, metadata).Write());
        File.Move(partial, path, overwrite: true);
    }

    private (string Name, float[] Values)[] Tensors() => [("parameters", Parameters), ("first", Optimizer.First), ("second", Optimizer.Second)];
}
