using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Cluster;

/// <summary>
/// Writes the manifest of an Indexed Job of Kubernetes, of the volume that its tasks write to, and of a suspended job that merges what they wrote.
/// </summary>
internal static class KubernetesManifest
{
    // How often the task of one index may fail before it is given up. Lost nodes, and tasks that were asked to stop, do not count.
    private const int Retries = 3;

    // What makes a suspended job run.
    private const string Awake = """{"spec":{"suspend":false}}""";

    /// <summary>The text of the manifest.</summary>
    /// <param name="work">The work.</param>
    /// <param name="tasks">Its tasks; their program is what the container runs, or nothing for what the image starts by itself.</param>
    /// <param name="image">The container's image.</param>
    /// <param name="claim">The name of the claim of the volume.</param>
    /// <exception cref="HostException">The folder is not below one where a volume can be mounted.</exception>
    public static string Write(ClusterWork work, ClusterTasks tasks, string image, string claim)
    {
        string? mount = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(work.Folder));
        if (mount is null or "/")
            throw HostException.Usage($"The folder '{work.Folder}' must be within another one, where the volume is mounted: /data/run, for example.");
        string name = JobName(work.Name);
        // $(NAME) is the value of a variable; what only looks so is written with another $.
        string share = string.Create(CultureInfo.InvariantCulture, $"$(JOB_COMPLETION_INDEX)/{tasks.Count}");
        string[] task = [.. work.Task.Select(Escape), "--shard", share, "--resume"];
        long gibibytes = 1 + work.Bytes / (1L << 30);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # {{work.Title}}: an Indexed Job of {{tasks.Words}}, and a merge after the last of them.
            # Made by: {{ShellWords.Join(tasks.Command)}}
            #
            # Save it as {{name}}.yaml, and start the tasks:
            #   kubectl apply --filename {{name}}.yaml
            # The merge is suspended; when all tasks are done, let it go on:
            #   kubectl wait --for condition=complete --timeout -1s job/{{name}}
            #   kubectl patch job/{{name}}-merge --type merge --patch '{{Awake}}'
            # Retries by index need Kubernetes 1.29 or later.
            apiVersion: v1
            kind: PersistentVolumeClaim
            metadata:
              name: {{claim}}
            spec:
              # Tasks on several nodes write to it.
              accessModes: [ReadWriteMany]
              resources:
                requests:
                  storage: {{gibibytes}}Gi
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{name}}
            spec:
              completionMode: Indexed
              completions: {{tasks.Count}}
              parallelism: {{tasks.AtOnce ?? tasks.Count}}
              backoffLimitPerIndex: {{Retries}}
              podFailurePolicy:
                rules:
                # A pod that was evicted, or told to stop (130), did not fail: another one goes on with what it has finished.
                - action: Ignore
                  onPodConditions:
                  - type: DisruptionTarget
                - action: Ignore
                  onExitCodes:
                    operator: In
                    values: [130]
                # Arguments that cannot be (2) stay so.
                - action: FailJob
                  onExitCodes:
                    operator: In
                    values: [2]
              template:
                spec:
            {{Pod(tasks, image, claim, mount, task)}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {{name}}-merge
            spec:
              suspend: true
              backoffLimit: {{Retries}}
              template:
                spec:
            {{Pod(tasks, image, claim, mount, [.. work.Merge.Select(Escape)])}}

            """);
    }

    /// <summary>A name as Kubernetes has them: at most 50 of a-z, 0-9 and -, so that endings fit in 63.</summary>
    internal static string JobName(string name)
    {
        string text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));
        while (text.Contains("--", StringComparison.Ordinal)) text = text.Replace("--", "-", StringComparison.Ordinal);
        text = text.TrimStart('-');
        text = text[..Math.Min(text.Length, 50)].TrimEnd('-');
        // Services, which name pods, must not begin with a digit.
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? $"job-{text}".TrimEnd('-') : text;
    }

    private static string Pod(ClusterTasks tasks, string image, string claim, string mount, string[] arguments)
    {
        string command = tasks.Program.IsEmpty ? "" : $"\n        command: {List(tasks.Program.Select(Escape))}";
        string memory = tasks.Memory is { } size ? $", memory: {size.Kubernetes}" : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""
                  restartPolicy: Never
                  containers:
                  - name: program
                    image: {{Text(image)}}{{command}}
                    args: {{List(arguments)}}
                    resources:
                      requests: { cpu: {{tasks.Cpus}}{{memory}} }
                      limits: { cpu: {{tasks.Cpus}}{{memory}} }
                    volumeMounts:
                    - name: data
                      mountPath: {{Text(mount)}}
                  volumes:
                  - name: data
                    persistentVolumeClaim:
                      claimName: {{claim}}
            """);
    }

    private static string Escape(string word) => word.Replace("$(", "$$(", StringComparison.Ordinal);

    private static string List(IEnumerable<string> words) => $"[{string.Join(", ", words.Select(Text))}]";

    // A string of JSON is one of YAML.
    private static string Text(string word) => $"\"{JsonEncodedText.Encode(word, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
