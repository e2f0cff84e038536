using System.ComponentModel;

namespace FlowDsl.Hosting.Registry;

/// <summary>The generated models of this process. Generated code adds those of its project before the project's first statement.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModelRegistry
{
    private static readonly Lock s_gate = new();
    private static readonly List<Func<ModelEntry[]>> s_projects = [];

    /// <summary>Adds a project's models; called by generated code. Nothing is made until a command asks.</summary>
    /// <param name="models">Makes the entries.</param>
    public static void Add(Func<ModelEntry[]> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        lock (s_gate) s_projects.Add(models);
    }

    /// <summary>All models, in the order of their names.</summary>
    internal static ModelEntry[] Models
    {
        get
        {
            Func<ModelEntry[]>[] projects;
            lock (s_gate) projects = [.. s_projects];
            return [.. projects.SelectMany(project => project()).OrderBy(model => model.Name, StringComparer.Ordinal)];
        }
    }
}
