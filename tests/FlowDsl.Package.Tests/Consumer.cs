namespace FlowDsl.Tests;

/// <summary>A user's project.</summary>
internal sealed class Consumer(string folder, string name, string packageCache)
{
    private readonly Dictionary<string, string?> _environment = new()
    {
        // A cache of its own: the machine's may hold another build of the same version.
        ["NUGET_PACKAGES"] = packageCache,
        ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = null,
    };

    /// <summary>The project's folder.</summary>
    public string Folder => folder;

    /// <summary>The program that a build makes.</summary>
    public string ProgramPath => Path.Combine(folder, "bin", "Debug", "net10.0", name + ".dll");

    private string PublishFolder => Path.Combine(folder, "published");

    /// <summary>Writes a file, and the folders on the way to it.</summary>
    public void Write(string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Builds; without the compiler server, which would keep the generator's file open after the test.</summary>
    public Task<CommandResult> Build(params string[] options)
        => Command.Dotnet(["build", "-nodeReuse:false", "-p:UseSharedCompilation=false", .. options], folder, _environment);

    /// <summary>Restores, and builds nothing.</summary>
    public Task<CommandResult> Restore() => Command.Dotnet(["restore", "-nodeReuse:false"], folder, _environment);

    /// <summary>Publishes, with what the project file asks for.</summary>
    public Task<CommandResult> Publish(string runtime) => Command.Dotnet(
        ["publish", "-r", runtime, "-o", PublishFolder, "-nodeReuse:false", "-p:UseSharedCompilation=false"], folder, _environment);

    /// <summary>Runs a program of one file in a folder of its own: beside a project file, its name would be an argument of that project's.</summary>
    public Task<CommandResult> RunFile(string name, string text)
    {
        Write($"{name}/{name}.cs", text);
        return RunFile(name);
    }

    /// <summary>Runs a program of one file that is there.</summary>
    public Task<CommandResult> RunFile(string name)
    {
        var environment = new Dictionary<string, string?>(_environment) { ["UseSharedCompilation"] = "false", ["MSBUILDDISABLENODEREUSE"] = "1" };
        return Command.Dotnet(["run", "-c", "Release", $"{name}.cs"], Path.Combine(folder, name), environment);
    }

    public Task<CommandResult> RunNative() => Command.Run(Path.Combine(PublishFolder, name), [], folder, _environment);

    public Task<CommandResult> Run(params string[] arguments) => Command.Dotnet([ProgramPath, .. arguments], folder, _environment);
}
