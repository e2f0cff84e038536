using System.Globalization;

namespace FlowDsl.Hosting.Cluster;

/// <summary>An amount of memory, as Slurm writes it: a whole number and K, M, G or T, which are powers of 1024.</summary>
/// <param name="Number">How many units.</param>
/// <param name="Unit">K, M, G or T.</param>
internal sealed record MemorySize(int Number, char Unit)
{
    /// <summary>For Slurm: "4G".</summary>
    public string Slurm => string.Create(CultureInfo.InvariantCulture, $"{Number}{Unit}");

    /// <summary>For Kubernetes, where "4G" would be powers of 1000: "4Gi".</summary>
    public string Kubernetes => $"{Slurm}i";

    /// <summary>Reads "4G"; null if it is something else.</summary>
    public static MemorySize? Parse(string text)
    {
        if (text.Length < 2) return null;
        char unit = char.ToUpperInvariant(text[^1]);
        if (unit is not ('K' or 'M' or 'G' or 'T')) return null;
        return int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? new MemorySize(number, unit) : null;
    }
}
