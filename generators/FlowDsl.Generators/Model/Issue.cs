namespace FlowDsl.Generators.Model;

/// <summary>Something to tell the user, as a value: which rule, where, and the words that fill its message.</summary>
/// <param name="Id">The rule's ID, FLOWnnnn.</param>
/// <param name="Site">Where in the declaration.</param>
/// <param name="Arguments">What fills the message format.</param>
internal sealed record Issue(string Id, Site Site, EquatableArray<string> Arguments)
{
    public Issue(string id, Site site, params string[] arguments)
        : this(id, site, new EquatableArray<string>(arguments))
    {
    }
}

/// <summary>A place in a declaration, independent of source positions.</summary>
/// <param name="Part">Which kind of attribute, or the type itself.</param>
/// <param name="Index">Which of several attributes of that kind, or of the containing types from the outermost, from 0.</param>
/// <param name="Argument">
/// The argument: a constructor parameter's or a property's name; empty for the whole attribute. For the type: a member that
/// the user declared, or empty.
/// </param>
/// <param name="Element">The element of an array argument, from 0; -1 for the whole argument.</param>
internal readonly record struct Site(SitePart Part, int Index = 0, string Argument = "", int Element = -1);

/// <summary>The kinds of places.</summary>
internal enum SitePart
{
    Type,
    ContainingType,
    Mixture,
    Component,
    Process,
    Sampler,
    Student,
    ScoreNetwork,
    Network,
    FlowMap,
}
