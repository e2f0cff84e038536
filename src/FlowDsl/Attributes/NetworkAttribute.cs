namespace FlowDsl;

/// <summary>
/// Declares what a trained network gives and in which time it counts; the network itself, an <see cref="INetworkField"/>, comes at run time. Each becomes a
/// nested type of this name with its <see cref="NetworkConvention"/>, and samplers can run on such a network.
/// </summary>
/// <param name="name">The name of the nested type.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public sealed class NetworkAttribute(string name) : Attribute
{
    /// <summary>The name of the nested type.</summary>
    public string Name { get; } = name;

    /// <summary>What the network's output is; the velocity in the process's time by default.</summary>
    public Prediction Prediction { get; set; }

    /// <summary>In which time it counts; the process's own by default.</summary>
    public NetworkTime Time { get; set; }

    /// <summary>The factor of that time, finite and not 0: 1000 for a network of flow matching that counts from 0 to 1000.</summary>
    public double TimeScale { get; set; } = 1;
}
