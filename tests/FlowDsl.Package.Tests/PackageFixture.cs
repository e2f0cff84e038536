using System.Reflection;

namespace FlowDsl.Tests;

/// <summary>Classes that share the package: two that pack it at a time would write the same files.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<PackageFixture>
{
    public const string Name = "package";
}

/// <summary>The package, packed once into a folder of its own; consumers find it there and nothing else.</summary>
public sealed class PackageFixture : IAsyncLifetime
{
    // What is looked for in all folders above a project, where the first one counts: the temporary folder may lie below anything.
    private static readonly (string Name, string Text)[] s_stops =
    [
        (
            "Directory.Build.props",
            "<Project><PropertyGroup><DiscoverGlobalAnalyzerConfigFiles>false</DiscoverGlobalAnalyzerConfigFiles></PropertyGroup></Project>"
        ),
        ("Directory.Build.targets", "<Project />"),
        ("Directory.Packages.props", "<Project />"),
        ("Directory.Build.rsp", "# no options"),
        (".editorconfig", "root = true"),
        ("global.json", "{ }"),
    ];

    private static readonly string[] s_packed = ["FlowDsl", "FlowDsl.Training", "FlowDsl.Hosting", "FlowDsl.Onnx"];

    private readonly string _publicFolder = Directory.CreateTempSubdirectory("flowdsl-public-").FullName;
    private readonly string _folder = Directory.CreateTempSubdirectory("flowdsl-package-").FullName;

    public string PackagePath => PathOf("FlowDsl");

    /// <summary>The packages' version.</summary>
    public string Version { get; } = Metadata("Version");

    private string Feed => Path.Combine(_folder, "feed");

    public async Task InitializeAsync()
    {
        // Already built as a reference of this project; a second build beside the test run could touch files in use.
        foreach (string project in s_packed)
        {
            CommandResult packed = await Command.Dotnet(
                [
                    "pack", Path.Combine(Metadata("RepositoryRoot"), "src", project), "-c", Metadata("Configuration"), "-o", Feed,
                    "--no-build", "--no-restore", "-nodeReuse:false",
                ]);
            Assert.True(packed.ExitCode == 0, packed.ToString());
            Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);
        }
        File.WriteAllText(
            Path.Combine(_folder, "nuget.config"),
            $"""<configuration><packageSources><clear /><add key="feed" value="{Feed}" /></packageSources></configuration>""");
        Stop(_folder);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_publicFolder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A console project outside the repository that references the package and can restore nothing else.</summary>
    internal Consumer CreateConsumer(string name, params (string Path, string Text)[] files)
        => CreateConsumer(name, "", files);

    /// <summary>One with properties of its own, which count after the usual ones.</summary>
    internal Consumer CreateConsumer(string name, string properties, params (string Path, string Text)[] files)
        => Create(Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, name, properties, files);

    /// <summary>One that trains, too.</summary>
    internal Consumer CreateTrainer(string name, params (string Path, string Text)[] files)
        => Create(
            Directory.CreateDirectory(Path.Combine(_folder, name)).FullName, name, "", files,
            $"""<PackageReference Include="FlowDsl.Training" Version="{Version}" />""");

    /// <summary>One that can restore from the machine's sources too, as a user's can.</summary>
    internal Consumer CreatePublicConsumer(string name, string properties, params (string Path, string Text)[] files)
        => CreatePublicConsumer(name, properties, "", files);

    /// <summary>One that runs commands: the host's own dependencies come from the machine's sources.</summary>
    internal Consumer CreateHost(string name, params (string Path, string Text)[] files)
        => CreatePublicConsumer(name, "", $"""<PackageReference Include="FlowDsl.Hosting" Version="{Version}" />""", files);

    private Consumer CreatePublicConsumer(string name, string properties, string references, (string Path, string Text)[] files)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_publicFolder, name)).FullName;
        File.WriteAllText(
            Path.Combine(folder, "nuget.config"),
            $"""<configuration><packageSources><add key="feed" value="{Feed}" /></packageSources></configuration>""");
        Stop(folder);
        return Create(folder, name, properties, files, references);
    }

    private Consumer Create(string folder, string name, string properties, (string Path, string Text)[] files, string references = "")
    {
        var consumer = new Consumer(folder, name, Path.Combine(_folder, "packages"));
        consumer.Write($"{name}.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <GenerateDocumentationFile>true</GenerateDocumentationFile>
                <CheckForOverflowUnderflow>true</CheckForOverflowUnderflow>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowDsl" Version="{Version}" />
                {references}
              </ItemGroup>
            </Project>
            """);
        foreach ((string path, string text) in files) consumer.Write(path, text);
        return consumer;
    }

    /// <summary>The file of a package.</summary>
    public string PathOf(string package) => Path.Combine(Feed, $"{package}.{Version}.nupkg");

    internal static string Metadata(string key)
        => typeof(PackageFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == key).Value!;

    private static void Stop(string folder)
    {
        foreach ((string name, string text) in s_stops) File.WriteAllText(Path.Combine(folder, name), text);
    }
}
