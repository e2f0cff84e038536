using System.Runtime.CompilerServices;

namespace FlowDsl.Generators.Tests;

/// <summary>Every verified file belongs to a test: one that is left over looks like a promise that nobody keeps.</summary>
public class SnapshotOrphanTests
{
    private static string Project([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, ".."));

    [Fact]
    public void EverySnapshotHasItsTest() => Assert.Empty(SnapshotFiles.FindOrphans(Project(), typeof(SnapshotOrphanTests).Assembly));

    [Fact]
    public void OrphansAreFound()
    {
        string directory = Directory.CreateTempSubdirectory("snapshots").FullName;
        try
        {
            foreach (string file in new[]
            {
                "SnapshotOrphanTests.OrphansAreFound.verified.txt", "SnapshotOrphanTests.OrphansAreFound#Ring.g.verified.cs",
                "SnapshotOrphanTests.OrphansAreFound.received.txt", "SnapshotOrphanTests.Project.verified.txt",
                "SnapshotOrphanTests.Forgotten#Ring.verified.cs", "ForgottenTests.OrphansAreFound.verified.txt", "Notes.verified.txt",
            })
            {
                File.WriteAllText(Path.Combine(directory, file), "");
            }
            Assert.Equal(
                [
                    "ForgottenTests.OrphansAreFound.verified.txt", "Notes.verified.txt", "SnapshotOrphanTests.Forgotten#Ring.verified.cs",
                    "SnapshotOrphanTests.Project.verified.txt",
                ],
                SnapshotFiles.FindOrphans(directory, typeof(SnapshotOrphanTests).Assembly));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
