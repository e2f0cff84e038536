using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FlowDsl.Benchmarks;

/// <summary>The command "commands": how long README's two commands take in a fresh clone.</summary>
internal static partial class CommandTimes
{
    public const string Command = "commands";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        string said = string.Join(' ', arguments.ToArray());
        string? path = null;
        bool tests = false;
        while (arguments.Length > 0)
        {
            switch (arguments)
            {
                case ["--write", { } file, ..]:
                    path = file;
                    arguments = arguments[2..];
                    break;
                case ["--tests", ..]:
                    tests = true;
                    arguments = arguments[1..];
                    break;
                default:
                    Console.Error.WriteLine($"Usage: {Command} [--tests] [--write FILE.json]");
                    return 2;
            }
        }
        string[] commands = [.. Commands().Match(FigurePages.Text("README.md")).Groups["commands"].Value.TrimEnd().Split('\n')];
        string clone = Directory.CreateTempSubdirectory("flowdsl-clone-").FullName;
        try
        {
            Time($"git clone --quiet {FigurePages.Root} {clone}", FigurePages.Root);
            var rows = new List<string[]>();
            foreach (string command in commands.Where(command => tests || !command.StartsWith("dotnet test", StringComparison.Ordinal)))
                rows.Add([$"`{command}`", $"{Time(command, clone).TotalSeconds:F0} s"]);
            var results = new ResultFile($"dotnet run -c Release --project tests/FlowDsl.Benchmarks -- {Command} {said}".TrimEnd(), Machine.Description);
            results.Add("times", ["command", "in a fresh clone, packages downloaded before"], rows);
            if (path != null) results.Write(path);
            Console.Write(results);
            return 0;
        }
        finally
        {
            Directory.Delete(clone, recursive: true);
        }
    }

    private static TimeSpan Time(string command, string folder)
    {
        string[] words = command.Split(' ');
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"'{command}' ended with exit code {process.ExitCode}.");
    }

    [GeneratedRegex("## Two commands\n.*?^```\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Commands();
}
