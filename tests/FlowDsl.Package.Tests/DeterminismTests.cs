using System.IO.Compression;

namespace FlowDsl.Tests;

/// <summary>Two builds of the same files, in folders of other names and at other times.</summary>
public sealed class DeterminismTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowdsl-twice-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PackagesOfTheSameFilesAreTheSameBytes()
    {
        string first = Copy("first"), second = Copy("the second");
        await Task.WhenAll(Pack(first), Pack(second));
        (first, second) = (Feed(first), Feed(second));
        string[] packages = [.. Directory.GetFiles(first).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(4, packages.Length);
        foreach (string package in packages)
        {
            // The parts first, so that a failure says which one.
            Assert.Equal(Parts(Path.Combine(first, package)), Parts(Path.Combine(second, package)));
            Assert.Equal(File.ReadAllBytes(Path.Combine(first, package)), File.ReadAllBytes(Path.Combine(second, package)));
        }
    }

    private static string[] Parts(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => $"{entry.FullName} {entry.Crc32:x8} {entry.LastWriteTime.DateTime:s}")];
    }

    private static string Feed(string copy) => copy + " feed";

    /// <summary>A copy of the sources.</summary>
    private string Copy(string name)
    {
        string root = PackageFixture.Metadata("RepositoryRoot"), copy = Path.Combine(_folder, name);
        IEnumerable<string> files = Directory.GetFiles(root)
            .Concat(new[] { ".build", "src", "generators", "docs" }
                .SelectMany(folder => Directory.GetFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories)));
        foreach (string file in files.Where(file => Path.GetFileName(file) != ".git"))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    /// <summary>Packs a copy as a build server does.</summary>
    private static async Task Pack(string copy)
    {
        // One solution, so that what they share is restored and built once.
        string solution = Path.Combine(copy, "Packages.slnx");
        IEnumerable<string> projects = new[] { "src", "generators" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(copy, folder), "*.csproj", SearchOption.AllDirectories));
        File.WriteAllText(solution, $"<Solution>{string.Concat(projects.Select(path => $"""<Project Path="{path}" />"""))}</Solution>");
        CommandResult packed = await Command.Dotnet(
            [
                "pack", solution, "-c", "Release", "-o", Feed(copy), "-nodeReuse:false",
                "-p:ContinuousIntegrationBuild=true", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false",
            ],
            copy, secondsAllowed: 900);
        Assert.True(packed.ExitCode == 0, packed.ToString());
    }
}
