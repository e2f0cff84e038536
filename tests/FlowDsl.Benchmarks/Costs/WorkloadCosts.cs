using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace FlowDsl.Benchmarks;

/// <summary>What a workload's generated code costs before it runs.</summary>
/// <remarks>Measured in a process of its own by the command "costs": no other workload has compiled anything before.</remarks>
internal sealed record WorkloadCosts(FirstCall FirstCall, CompileTime CompileTime)
{
    public const string Command = "costs";
    private const int CompilerRuns = 5;

    /// <summary>The command: measures a workload here and prints the numbers.</summary>
    public static int Run(string key)
    {
        if (Workload.All.SingleOrDefault(workload => workload.Key == key).Create is not { } create)
        {
            Console.Error.WriteLine($"Usage: {Command} {string.Join("|", Workload.All.Select(workload => workload.Key))}");
            return 2;
        }
        Workload workload = create();
        FirstCall call = workload.MeasureFirstCall();
        GeneratedProject project = GeneratedProject.OfWorkload(workload.Model);
        Console.WriteLine(JsonSerializer.Serialize(new WorkloadCosts(call, CompileTime.Of(project, project.Generate(), CompilerRuns))));
        return 0;
    }

    /// <summary>Measures a workload in another process.</summary>
    public static WorkloadCosts Measure(string key)
    {
        string program = Environment.ProcessPath!, assembly = Assembly.GetExecutingAssembly().Location;
        // As a host of its own, or by the shared one.
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [assembly, Command, key] : [Command, key];
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<WorkloadCosts>(text)!
            : throw new InvalidOperationException($"The costs of {key} could not be measured.");
    }
}
