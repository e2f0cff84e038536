namespace FlowDsl.Generators;

/// <summary>The names of the pipeline's steps, by which the tests ask why each of them ran.</summary>
internal static class TrackingNames
{
    /// <summary>Annotated declarations, with their places in the source.</summary>
    public const string Declarations = nameof(Declarations);

    /// <summary>The models that can be read, as values.</summary>
    public const string Specs = nameof(Specs);

    /// <summary>The AdditionalFiles that a model can name, without what they say.</summary>
    public const string Files = nameof(Files);

    /// <summary>The paths of those that a model names.</summary>
    public const string NamedFiles = nameof(NamedFiles);

    /// <summary>The files of mixtures, profiles and solvers that a model names.</summary>
    public const string Texts = nameof(Texts);

    /// <summary>The files of weights that a model names.</summary>
    public const string Weights = nameof(Weights);

    /// <summary>Each model with the files that it names.</summary>
    public const string Inputs = nameof(Inputs);

    /// <summary>Each model's code and issues.</summary>
    public const string Compiled = nameof(Compiled);

    /// <summary>Each valid model's code.</summary>
    public const string Sources = nameof(Sources);

    /// <summary>The hint names that must differ from the types' names.</summary>
    public const string Renames = nameof(Renames);

    /// <summary>Whether the project references the host.</summary>
    public const string Host = nameof(Host);

    /// <summary>What the host is told of all models.</summary>
    public const string Registered = nameof(Registered);

    /// <summary>The code that tells it.</summary>
    public const string Registry = nameof(Registry);

    /// <summary>The issues of all models.</summary>
    public const string Issues = nameof(Issues);
}
