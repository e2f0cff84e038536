using System.Globalization;

namespace FlowDsl.Hosting.Cluster;

/// <summary>
/// Writes a script that submits an array of tasks to Slurm, and a job that merges what they wrote. Slurm decides where and when each runs; the script says
/// what is to be done, and when a task is to be queued again.
/// </summary>
internal static class SlurmScript
{
    // How long before its time limit a task is asked to stop. Slurm looks at limits now and then only, so it may be as much again earlier.
    private const int NoticeSeconds = 60;

    // How often a task that is stopped or killed is queued again although nothing was finished.
    private const int Patience = 10;

    /// <summary>The text of the script.</summary>
    public static string Write(ClusterWork work, ClusterTasks tasks, SlurmLimits limits)
    {
        string array = string.Create(CultureInfo.InvariantCulture, $"--array=0-{tasks.Count - 1}{(tasks.AtOnce is { } most ? $"%{most}" : "")}");
        string cpus = string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={tasks.Cpus}");
        string program = ShellWords.Join(tasks.Program);
        // A part that goes on from its state comes nearer its end, though none gets finished within a limit.
        string began = work.States is null ? "" : "\nbegan=$(date +%s)";
        string states = work.States is null ? "" : $"-maxdepth 1 -name {ShellWords.Quote(work.States)} -newermt";
        string advanced = work.States is null ? "" : $$"""

            # Whether an unfinished {{work.Part}} has kept its state since.
            advanced() { [[ -n $(find {{ShellWords.Quote(work.Folder)}} {{states}} "@$began" 2> /dev/null) ]]; }
            """;
        long soon = Math.Max(0, limits.Time.Seconds - 2 * NoticeSeconds);
        string advice = $"give it more time or memory, or make each {work.Part} smaller ({work.PartOption})";
        string orAdvanced = work.States is null ? "" : " || advanced";
        return $$"""
            #!/usr/bin/env bash
            # {{work.Title}}: an array of {{tasks.Words}}, and a merge after the last of them.
            # Made by: {{ShellWords.Join(tasks.Command)}}
            #
            # Run it with bash where sbatch is: it submits both jobs and prints their numbers. Run again, it goes on with what is missing.
            # The folder and the program must be the same on all nodes.
            set -euo pipefail

            if ! command -v sbatch > /dev/null; then
                echo "There is no sbatch here, which submits jobs to Slurm: run this script on a machine of the cluster that has it." >&2
                exit 1
            fi

            submit_array() { sbatch --parsable << 'END_OF_TASK'
            #!/usr/bin/env bash
            {{Directives([$"--job-name={work.Name}", array, "--ntasks=1", cpus, .. Shared(tasks, limits),
                string.Create(CultureInfo.InvariantCulture, $"--signal=B:USR1@{NoticeSeconds}")])}}
            set -u
            # The runtime starts no more threads than the task has processors, also where it sees more of them.
            export DOTNET_PROCESSOR_COUNT=$SLURM_CPUS_PER_TASK

            finished() { find {{ShellWords.Quote(work.Folder)}} -maxdepth 1 -name {{ShellWords.Quote(work.Records)}} 2> /dev/null | wc -l; }
            before=$(finished){{began}}{{advanced}}

            {{program}} {{ShellWords.Join(work.Task)}} \
                --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --resume &
            program=$!
            # Where Slurm preempts, queues again or cancels, the program gets SIGTERM as this shell does: the shell has to wait for it, and not to end first.
            trap : TERM
            # Shortly before the time limit, Slurm sends USR1 to this shell alone.
            late=
            trap 'late=yes; kill -TERM "$program" 2> /dev/null' USR1

            # A signal ends a wait, and not the program.
            wait "$program"; code=$?
            while kill -0 "$program" 2> /dev/null; do wait "$program"; code=$?; done
            # It may have ended just after a signal had ended the wait: then bash still knows its exit code.
            wait "$program" 2> /dev/null; known=$?
            (( known == 127 )) || code=$known
            # Bash can lose it (-1) at that moment: the program was told to stop, and did.
            (( code >= 0 )) || code=130

            # After SIGTERM, Slurm knows what becomes of the task, whatever its exit code. Out of time (130) or killed (137: out of memory, perhaps),
            # it is queued again here, where it keeps its finished {{work.Part}}s; but not for ever if none gets finished.
            if [[ $late && $code -eq 130 ]] || (( code == 137 )); then
                if (( $(finished) > before || (SECONDS < {{soon}} && ${SLURM_RESTART_COUNT:-0} < {{Patience}}) )){{orAdvanced}}; then
                    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
                else
                    echo "No {{work.Part}} was finished, so the task is not queued again: {{advice}}." >&2
                fi
            fi
            exit "$code"
            END_OF_TASK
            }

            submit_merge() { sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes << 'END_OF_MERGE'
            #!/usr/bin/env bash
            {{Directives([$"--job-name={work.Name}-merge", "--ntasks=1", cpus, .. Shared(tasks, limits)])}}
            export DOTNET_PROCESSOR_COUNT=$SLURM_CPUS_PER_TASK
            exec {{program}} {{ShellWords.Join(work.Merge)}}
            END_OF_MERGE
            }

            # Where there are several clusters, the name of one follows the job's number.
            array=$(submit_array)
            array=${array%%;*}
            echo "array job: $array"
            merge=$(submit_merge)
            echo "merge job: ${merge%%;*}"

            """;
    }

    // Queued again after a preemption or the loss of a node, with one log for all its runs.
    private static IEnumerable<string> Shared(ClusterTasks tasks, SlurmLimits limits)
    {
        if (tasks.Memory is { } memory) yield return $"--mem={memory.Slurm}";
        yield return $"--time={limits.Time.Text}";
        if (limits.Partition is { } partition) yield return $"--partition={partition}";
        if (limits.Account is { } account) yield return $"--account={account}";
        yield return "--requeue";
        yield return "--open-mode=append";
    }

    private static string Directives(IEnumerable<string> options) => string.Join('\n', options.Select(option => $"#SBATCH {option}"));
}
