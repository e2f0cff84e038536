using FlowDsl.Mathematics;
using FlowDsl.Tests;

namespace FlowDsl.Generators.Tests;

/// <summary>The Python of README and docs: all of it parses, and what imports all that it needs runs between the C# of its page.</summary>
public class PythonTests
{
    private const string Parse = "import sys; compile(sys.argv[1], sys.argv[2], 'exec')";

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (DocumentationPage page in Pages())
            {
                for (int index = 0; index < page.Python.Length; index++) data.Add(page.Path, index);
            }
            return data;
        }
    }

    /// <summary>The pages with Python that runs.</summary>
    public static TheoryData<string> Programs => [.. Pages().Where(page => page.Python.Any(Runs)).Select(page => page.Path)];

    [PythonTheory]
    [MemberData(nameof(Blocks))]
    public async Task BlockParses(string page, int index)
    {
        CommandResult result = await Command.Run(PythonTheoryAttribute.Find()!, ["-c", Parse, new DocumentationPage(page).Python[index].Text, page]);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>A page's programs in both languages, one after the other in one folder, so that each reads what those before it wrote.</summary>
    [PythonTheory("numpy", "sklearn")]
    [MemberData(nameof(Programs))]
    public async Task PageRuns(string path)
    {
        var page = new DocumentationPage(path);
        string folder = Directory.CreateTempSubdirectory("flowdsl-python-").FullName;
        try
        {
            foreach (DocumentationBlock block in page.Blocks)
            {
                CommandResult? run = null;
                if (block.Language == "csharp" && block.NotRun is null && DocumentationPage.IsProgram(block.Text))
                    run = await page.Compile(block, block.Text).Run(folder);
                else if (Runs(block))
                {
                    if (block.Setup is { } setup) Succeeded(await page.Compile(null, setup).Run(folder), setup);
                    run = await Command.Run(PythonTheoryAttribute.Find("numpy", "sklearn")!, ["-X", "utf8", "-W", "error", "-c", block.Text], folder);
                }
                if (run is not null) Succeeded(run, block.Text);
            }
            // What the page shows as a file of the project is a file that the program before it has written.
            string[] mixtures = [.. page.Blocks.Select(block => block.FileName).OfType<string>().Where(name => File.Exists(Path.Combine(folder, name)))];
            Assert.NotEmpty(mixtures);
            Assert.All(mixtures, name => Assert.Equal(2, MixtureJson.Parse(File.ReadAllText(Path.Combine(folder, name))).Dimension));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static void Succeeded(CommandResult run, string program) => Assert.True(run.ExitCode == 0 && run.Error.Length == 0, $"{program}\n{run}");
    }

    private static IEnumerable<DocumentationPage> Pages() => DocumentationPage.All.Select(path => new DocumentationPage(path));

    private static bool Runs(DocumentationBlock block)
        => block.Language == "python" && block.NotRun is null && (block.Text.StartsWith("import ", StringComparison.Ordinal)
            || block.Text.StartsWith("from ", StringComparison.Ordinal));
}

/// <summary>Skipped where no Python has the modules.</summary>
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, string?> s_found = new();

    public PythonTheoryAttribute(params string[] modules)
    {
        if (Find(modules) is null) Skip = modules.Length == 0 ? "Needs Python." : $"Needs Python with {string.Join(" and ", modules)}.";
    }

    /// <summary>The first Python that has the modules; null if there is none.</summary>
    public static string? Find(params string[] modules)
        => s_found.GetOrAdd(string.Join(", ", ["sys", .. modules]), imports => new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(name =>
        {
            try
            {
                return Command.Run(name, ["-c", $"import {imports}"]).GetAwaiter().GetResult().ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }));
}
