using System.Globalization;
using FlowDsl.Mathematics;

namespace FlowDsl.Training;

/// <summary>The state of a training in a folder: a file a segment, which is replaced atomically.</summary>
/// <param name="folder">The folder; it is made when there is something to write.</param>
/// <param name="fingerprint">Everything that decides the weights: the state of another training is rejected.</param>
internal sealed class Checkpoint(string folder, TrainingFingerprint fingerprint)
{
    private const string FingerprintPrefix = "training.", Steps = "steps", Error = "error", Trained = "trained";

    /// <summary>Restores the trainers whose state is there.</summary>
    /// <exception cref="InvalidOperationException">A file belongs to another training, or stands where the folder should be.</exception>
    public void Restore(IReadOnlyList<SegmentTrainer> trainers)
    {
        // Said before the training, and not when there is something to write.
        if (File.Exists(folder))
            throw new InvalidOperationException(
                $"The checkpoint {folder} is a file; it must be a folder, with a file a segment. Delete it or name another one.");
        foreach (SegmentTrainer trainer in trainers)
        {
            string path = PathOf(trainer);
            if (!File.Exists(path)) continue;
            SafeTensors file = SafeTensors.Read(File.ReadAllBytes(path));
            if (fingerprint.Difference(file.Metadata, FingerprintPrefix) is { } difference)
                throw new InvalidOperationException($"The checkpoint {path} belongs to another training: {difference}. Delete it or name another folder.");
            Copy(file, "parameters", trainer.Parameters);
            Copy(file, "first", trainer.Optimizer.First);
            Copy(file, "second", trainer.Optimizer.Second);
            trainer.StepsDone = int.Parse(file.Metadata[Steps], CultureInfo.InvariantCulture);
            trainer.RelativeError = double.Parse(file.Metadata[Error], CultureInfo.InvariantCulture);
            trainer.IsTrained = file.Metadata[Trained] == bool.TrueString;
        }
    }

    /// <summary>Writes the state of a segment.</summary>
    public void Save(SegmentTrainer trainer)
    {
        Dictionary<string, string> metadata = fingerprint.Parts.ToDictionary(part => FingerprintPrefix + part.Key, part => part.Value);
        metadata[Steps] = trainer.StepsDone.ToString(CultureInfo.InvariantCulture);
        metadata[Error] = trainer.RelativeError.ToString("R", CultureInfo.InvariantCulture);
        metadata[Trained] = trainer.IsTrained.ToString();
        NamedTensor[] tensors =
        [
            Tensor("parameters", trainer.Parameters), Tensor("first", trainer.Optimizer.First), Tensor("second", trainer.Optimizer.Second),
        ];
        Directory.CreateDirectory(folder);
        string path = PathOf(trainer), partial = path + ".partial";
        File.WriteAllBytes(partial, new SafeTensors(tensors, metadata).Write());
        File.Move(partial, path, overwrite: true);

        static NamedTensor Tensor(string name, float[] values) => new(name, [values.Length], [.. values]);
    }

    private string PathOf(SegmentTrainer trainer)
        => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"segment-{trainer.Index}.safetensors"));

    private static void Copy(SafeTensors file, string name, float[] target)
    {
        NamedTensor? tensor = file.Find(name);
        if (tensor is null || tensor.Values.Length != target.Length)
            throw new SafeTensorsFormatException($"The checkpoint has no tensor '{name}' of {target.Length} values.");
        tensor.Values.CopyTo(target, 0);
    }
}
