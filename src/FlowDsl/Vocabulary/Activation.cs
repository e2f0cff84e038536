namespace FlowDsl;

/// <summary>The nonlinearity after each hidden layer of a learned map.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    ReLU,

    /// <summary>max(0, z)².</summary>
    ReQU,

    /// <summary>ReLU in odd hidden layers (the first, the third, ...), ReQU in even ones.</summary>
    Alternating,

    /// <summary>z/(1 + e^-z).</summary>
    SiLU,
}
