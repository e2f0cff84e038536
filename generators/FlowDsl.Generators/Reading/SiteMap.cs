using FlowDsl.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowDsl.Generators.Reading;

/// <summary>
/// Resolves the sites of one declaration in the current source. It holds on to syntax, so it stays in the diagnostics branch;
/// its locations have their source tree, without which <c>#pragma warning disable</c> has no effect.
/// </summary>
internal sealed class SiteMap
{
    private static readonly string[] s_mixtureParameters = ["dimension"];
    private static readonly string[] s_componentParameters = ["weight", "mean"];
    private static readonly string[] s_nameParameters = ["name"];

    private readonly Location _type;
    private readonly Location[] _containingTypes;
    private readonly Dictionary<string, Location> _members = new(StringComparer.Ordinal);
    private readonly SyntaxReference? _mixture;
    private readonly SyntaxReference?[] _components;
    private readonly SyntaxReference?[] _processes;
    private readonly SyntaxReference?[] _samplers;
    private readonly SyntaxReference?[] _students;
    private readonly SyntaxReference?[] _scoreNetworks;
    private readonly SyntaxReference?[] _networks;
    private readonly SyntaxReference?[] _maps;

    public SiteMap(TypeDeclarationSyntax declaration, ModelAttributes attributes)
    {
        _type = declaration.Identifier.GetLocation();
        _containingTypes = declaration.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(level => level.Identifier.GetLocation()).ToArray();
        _mixture = attributes.Mixture.ApplicationSyntaxReference;
        _components = attributes.Components.Select(data => data.ApplicationSyntaxReference).ToArray();
        _processes = attributes.Processes.Select(process => process.Data.ApplicationSyntaxReference).ToArray();
        _samplers = attributes.Samplers.Select(data => data.ApplicationSyntaxReference).ToArray();
        _scoreNetworks = attributes.ScoreNetworks.Select(data => data.ApplicationSyntaxReference).ToArray();
        _networks = attributes.Networks.Select(data => data.ApplicationSyntaxReference).ToArray();
        _maps = attributes.FlowMaps.Select(data => data.ApplicationSyntaxReference).ToArray();
        _students = attributes.Students.Select(data => data.ApplicationSyntaxReference).ToArray();
    }

    /// <summary>Makes the site of a member that the user declared.</summary>
    public void AddMember(ISymbol member) => _members[member.Name] = member.Locations.FirstOrDefault(location => location.IsInSource) ?? _type;

    /// <summary>The place of a site; the nearest thing around it where it is not in the source, as a default value is.</summary>
    public Location Locate(Site site, CancellationToken cancellationToken) => site.Part switch
    {
        SitePart.ContainingType when site.Index < _containingTypes.Length => _containingTypes[site.Index],
        SitePart.Component => Locate(At(_components, site.Index), s_componentParameters, site, cancellationToken),
        SitePart.Process => Locate(At(_processes, site.Index), [], site, cancellationToken),
        SitePart.Sampler => Locate(At(_samplers, site.Index), s_nameParameters, site, cancellationToken),
        SitePart.Student => Locate(At(_students, site.Index), s_nameParameters, site, cancellationToken),
        SitePart.ScoreNetwork => Locate(At(_scoreNetworks, site.Index), s_nameParameters, site, cancellationToken),
        SitePart.Network => Locate(At(_networks, site.Index), s_nameParameters, site, cancellationToken),
        SitePart.FlowMap => Locate(At(_maps, site.Index), s_nameParameters, site, cancellationToken),
        SitePart.Mixture => Locate(_mixture, s_mixtureParameters, site, cancellationToken),
        _ => _members.TryGetValue(site.Argument, out Location member) ? member : _type,
    };

    private SyntaxReference? At(SyntaxReference?[] attributes, int index) => index < attributes.Length ? attributes[index] : _mixture;

    private Location Locate(SyntaxReference? reference, string[] parameters, Site site, CancellationToken cancellationToken)
    {
        if (reference?.GetSyntax(cancellationToken) is not AttributeSyntax attribute) return _type;
        return site.Argument.Length == 0
            ? attribute.GetLocation()
            : ArgumentLocator.Locate(attribute, parameters, site.Argument, site.Element);
    }
}
