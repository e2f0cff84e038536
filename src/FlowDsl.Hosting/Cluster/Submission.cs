using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Cluster;

/// <summary>The numbers of the jobs that a script has submitted.</summary>
/// <param name="Array">That of the tasks.</param>
/// <param name="Merge">That of the merge.</param>
internal sealed record Submission(string Array, string Merge)
{
    /// <summary>Runs a script of <see cref="SlurmScript"/>.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="searchPath">Where programs are looked for; null for where this process looks.</param>
    /// <param name="cancellationToken">Stops to wait for Slurm.</param>
    /// <exception cref="HostException">There is no bash or sbatch, or Slurm refused a job.</exception>
    public static async Task<Submission> RunAsync(string script, string? searchPath, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        if (searchPath is not null) start.Environment["PATH"] = searchPath;
        using Process bash = Start(start, script);
        bash.StandardInput.Close();
        Task<string> output = bash.StandardOutput.ReadToEndAsync(CancellationToken.None), error = bash.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await bash.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            bash.Kill(entireProcessTree: true);
            string? job = Number(await output.ConfigureAwait(false), "array job: ");
            string known = job is null ? "" : $" Job {job} was submitted: scancel {job} ends it.";
            throw new HostException($"Cancelled while Slurm took the jobs.{known}", ExitCodes.Cancelled);
        }
        string text = await output.ConfigureAwait(false), wrong = (await error.ConfigureAwait(false)).Trim();
        string? array = Number(text, "array job: "), merge = Number(text, "merge job: ");
        if (bash.ExitCode == 0 && array is not null && merge is not null) return new Submission(array, merge);
        string half = array is null ? "" : $" Job {array}, the tasks, was submitted all the same.";
        string reason = wrong.Length > 0 ? wrong.ReplaceLineEndings(" ")
            : string.Create(CultureInfo.InvariantCulture, $"bash ended with code {bash.ExitCode}.");
        throw new HostException($"'{script}' was written, and could not submit its jobs: {reason}{half}");
    }

    private static Process Start(ProcessStartInfo start, string script)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new HostException($"There is no bash here to run '{script}': run it on a machine of the cluster.");
        }
    }

    private static string? Number(string text, string title)
        => text.Split('\n').FirstOrDefault(line => line.StartsWith(title, StringComparison.Ordinal))?[title.Length..].Trim();
}
