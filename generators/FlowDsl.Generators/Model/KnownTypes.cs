namespace FlowDsl.Generators.Model;

/// <summary>The types of .NET and of the library that generated code names, and how it reaches them whatever a project calls its own.</summary>
/// <remarks>
/// Within the user's type every name is written in full, from <c>global::</c> on. A file's own types use aliases that are declared inside their
/// namespace: these stand before whatever the project has of the same name further out, a Vector or a Solver of its own. Nothing stands further in,
/// because a project that declares something in that namespace gets another one.
/// </remarks>
internal static class KnownTypes
{
    // Generic types have no alias. This namespace is the only one whose names are all known, so that Vector<T> is not in doubt.
    private const string Vectors = "System.Numerics";

    private static readonly (string Namespace, string[] Names)[] s_aliased =
    [
        ("System", ["Array"]),
        ("System.Runtime.CompilerServices", ["MethodImplOptions", "Unsafe"]),
        ("FlowDsl",
        [
            "Activation", "Chart", "EmpiricalMixture", "FieldSampler", "FlowMapDescriptor", "GaussianMixtureModel", "Grid", "Precision", "SamplerDescriptor",
            "ScoreNetworkDescriptor", "SegmentStability", "Solver", "StudentDescriptor", "StudentForm", "Tracking",
        ]),
        ("FlowDsl.Mathematics",
        [
            "ChartFrame", "Covariance", "FlowProgram", "GridStandIn", "LinearInterpolantProcess", "Mixture", "OrnsteinUhlenbeckProcess", "Process",
            "ProcessPoint", "ScoreNetworkOptions", "StudentShape", "TrainingSchedule", "VarianceExplodingProcess", "VariancePreservingProcess",
        ]),
        ("FlowDsl.Mathematics.Fields", ["IComponentArithmetic", "TableComponents"]),
        ("FlowDsl.Mathematics.Numerics", ["PortableMath"]),
        ("FlowDsl.Mathematics.Processes", ["AxisFunction"]),
        ("FlowDsl.Mathematics.Solvers", ["CompanionProgram"]),
        ("FlowDsl.Mathematics.Structure", ["MeansSpan"]),
        ("FlowDsl.Runtime.Arithmetic", ["Activations", "Exp2Numbers", "LinearCombination", "SimdMath", "Softmax"]),
        ("FlowDsl.Runtime.Networks", ["NetworkMath"]),
        ("FlowDsl.Runtime.Points", ["MixtureData"]),
        ("FlowDsl.Runtime.Students", ["IStudentProgram", "StudentDriver", "StudentMath", "StudentSegment"]),
        ("FlowDsl.Runtime.Trackers", ["ErrorTracking"]),
    ];

    // Where the name and the type's name differ. A project's own type may be called nuint, which is no keyword.
    private static readonly (string Alias, string Namespace, string Name)[] s_renamed =
    [
        ("MethodImpl", "System.Runtime.CompilerServices", "MethodImplAttribute"),
        ("nuint", "System", "UIntPtr"),
    ];

    // Written in full where they are used.
    private static readonly (string Namespace, string[] MetadataNames)[] s_qualified =
    [
        ("System", ["IProgress`1", "ReadOnlySpan`1", "Span`1"]),
        ("System.CodeDom.Compiler", ["GeneratedCode", "GeneratedCodeAttribute"]),
        (Vectors, ["Vector", "Vector`1"]),
        ("System.Threading", ["CancellationToken"]),
        ("FlowDsl",
        [
            "DensitySamples`1", "FlowError", "FlowSampling", "IFieldSampler`1", "IFlowSampler`2", "IFlowStudent`1", "IGaussianMixture`1", "INetworkField",
            "IScoreNetwork`1", "NetworkConvention", "NetworkTime", "Prediction", "SamplingOptions", "StudentWeights",
        ]),
        ("FlowDsl.Runtime.Arithmetic", ["INumbers`1", "NumberTable`1"]),
        ("FlowDsl.Runtime.Blocks", ["BlockDriver", "IBlockKernel`1", "ITangentKernel`1"]),
        ("FlowDsl.Runtime.Data", ["DataKernel"]),
        ("FlowDsl.Runtime.Laws", ["SamplerLaw"]),
        ("FlowDsl.Runtime.Loops", ["ActiveKernel`1", "CoefficientKernel`1", "RotatedKernel`2", "TableKernel`1"]),
        ("FlowDsl.Runtime.Maps", ["TabulatedMap`1"]),
        ("FlowDsl.Runtime.Networks", ["IScoreProgram`1", "ScoreDriver", "ScoreKernel`2", "TableProgram`1"]),
        ("FlowDsl.Runtime.Points", ["PointFunctions", "PointProgram"]),
        ("FlowDsl.Runtime.Students", ["StudentKernel", "StudentKernel`1"]),
        ("FlowDsl.Runtime.Trackers", ["SamplerErrors`1"]),
    ];

    /// <summary>Every type that is named, as its namespace and its metadata name.</summary>
    public static IEnumerable<(string Namespace, string MetadataName)> All
        => s_aliased.Concat(s_qualified).SelectMany(group => group.Item2.Select(name => (group.Namespace, name)))
            .Concat(s_renamed.Select(type => (type.Namespace, type.Name)));

    /// <summary>A type in full, without its type arguments.</summary>
    /// <param name="name">Its name, one of <see cref="All"/>.</param>
    public static string InFull(string name) => $"global::{All.First(type => type.MetadataName.Split('`')[0] == name).Namespace}.{name}";

    /// <summary>The using directives that a text needs, for the first lines of its namespace.</summary>
    public static IEnumerable<string> Usings(string text)
    {
        if (Names(text, "Vector")) yield return $"using global::{Vectors};";
        foreach ((string space, string[] names) in s_aliased)
            foreach (string name in names)
                if (Names(text, name)) yield return $"using {name} = global::{space}.{name};";
        foreach ((string alias, string space, string name) in s_renamed)
            if (Names(text, alias)) yield return $"using {alias} = global::{space}.{name};";
    }

    /// <summary>Whether a text has a name as a whole word.</summary>
    private static bool Names(string text, string name)
    {
        for (int at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            if (!IsPart(text, at - 1) && !IsPart(text, at + name.Length)) return true;
        return false;
    }

    private static bool IsPart(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] == '_');
}
