namespace FlowDsl.Examples.Transformers;

/// <summary>What a network of experiment 3 learns.</summary>
internal enum StudyTeacher
{
    /// <summary>
    /// The published teacher: 100 equal steps in t. Its last stage, at t = 0, is far outside of the method's region of stability: it does not follow the flow,
    /// but it is what the published errors are measured against.
    /// </summary>
    Published,

    /// <summary>The flow: as many equal steps in the logarithm of the noise, within 1e-12 of it in relative MSE.</summary>
    Converged,
}
