using System.Globalization;
using FlowDsl.Mathematics;

namespace FlowDsl.Training;

/// <summary>The state of a training in a file, which is replaced atomically.</summary>
/// <param name="path">The file.</param>
/// <param name="fingerprint">Everything that decides the weights: the state of another training is rejected.</param>
internal sealed class Checkpoint(string path, TrainingFingerprint fingerprint)
{
    private const string FingerprintPrefix = "training.";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, NamedTensor[]> _tensors = [];
    private readonly Dictionary<string, string> _metadata = fingerprint.Parts.ToDictionary(part => FingerprintPrefix + part.Key, part => part.Value);

    /// <summary>Restores the trainers from the file, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to another training.</exception>
    public void Restore(IReadOnlyList<SegmentTrainer> trainers)
    {
        if (!File.Exists(path)) return;
        SafeTensors file = SafeTensors.Read(File.ReadAllBytes(path));
        if (fingerprint.Difference(file.Metadata, FingerprintPrefix) is { } difference)
            throw new InvalidOperationException($"The checkpoint {path} belongs to another training: {difference}. Delete it or name another file.");
        foreach (SegmentTrainer trainer in trainers)
        {
            if (!file.Metadata.TryGetValue(StepsKey(trainer.Index), out string? steps)) continue;
            Copy(file, $"{trainer.Index}.parameters", trainer.Parameters);
            Copy(file, $"{trainer.Index}.first", trainer.Optimizer.First);
            Copy(file, $"{trainer.Index}.second", trainer.Optimizer.Second);
            trainer.StepsDone = int.Parse(steps, CultureInfo.InvariantCulture);
            trainer.RelativeError = double.Parse(file.Metadata[ErrorKey(trainer.Index)], CultureInfo.InvariantCulture);
            trainer.IsTrained = file.Metadata[TrainedKey(trainer.Index)] == bool.TrueString;
            Take(trainer);
        }
    }

    /// <summary>Writes the state of a segment, with the latest states of the others.</summary>
    public void Save(SegmentTrainer trainer)
    {
        lock (_lock)
        {
            Take(trainer);
            string partial = path + ".partial";
            File.WriteAllBytes(partial, new SafeTensors(_tensors.Values.SelectMany(own => own), _metadata).Write());
            File.Move(partial, path, overwrite: true);
        }
    }

    private void Take(SegmentTrainer trainer)
    {
        int j = trainer.Index;
        _tensors[j] =
        [
            Tensor($"{j}.parameters", trainer.Parameters),
            Tensor($"{j}.first", trainer.Optimizer.First),
            Tensor($"{j}.second", trainer.Optimizer.Second),
        ];
        _metadata[StepsKey(j)] = trainer.StepsDone.ToString(CultureInfo.InvariantCulture);
        _metadata[ErrorKey(j)] = trainer.RelativeError.ToString("R", CultureInfo.InvariantCulture);
        _metadata[TrainedKey(j)] = trainer.IsTrained.ToString();

        static NamedTensor Tensor(string name, float[] values) => new(name, [values.Length], [.. values]);
    }

    private static void Copy(SafeTensors file, string name, float[] target)
    {
        NamedTensor? tensor = file.Find(name);
        if (tensor is null || tensor.Values.Length != target.Length)
            throw new SafeTensorsFormatException($"The checkpoint has no tensor '{name}' of {target.Length} values.");
        tensor.Values.CopyTo(target, 0);
    }

    private static string StepsKey(int segment) => $"{segment}.steps";

    private static string ErrorKey(int segment) => $"{segment}.error";

    private static string TrainedKey(int segment) => $"{segment}.trained";
}
