using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowDsl.Tests;

/// <summary>Chromium without a window, driven by its DevTools protocol over a local socket. It reaches no other machine.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Blank = "about:blank";

    private readonly Process _process;
    private readonly string _folder;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _faults = [], _requests = [];
    private string _session = "";
    private int _last;

    private Browser(Process process, string folder) => (_process, _folder) = (process, folder);

    /// <summary>The program; null where there is none.</summary>
    public static string? Program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    /// <summary>Errors and warnings of pages since they were opened: exceptions, and what the console calls an error.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The addresses that pages asked for.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Starts the program.</summary>
    public static async Task<Browser> StartAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("flowdsl-browser-").FullName;
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-port=0",
            $"--user-data-dir={folder}", Blank,
        ];
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        var browser = new Browser(Process.Start(start)!, folder);
        const string announcement = "DevTools listening on ";
        string? line;
        do line = await browser._process.StandardError.ReadLineAsync(cancellationToken)
            ?? throw new InvalidOperationException("Chromium ended before it listened.");
        while (!line.StartsWith(announcement, StringComparison.Ordinal));
        // Read on, or the program waits for somebody who does.
        _ = browser._process.StandardError.ReadToEndAsync(CancellationToken.None);
        _ = browser._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await browser._socket.ConnectAsync(new Uri(line[announcement.Length..]), cancellationToken);
        JsonNode target = await browser.CallAsync("Target.createTarget", new JsonObject { ["url"] = Blank }, cancellationToken);
        JsonNode session = await browser.CallAsync(
            "Target.attachToTarget", new JsonObject { ["targetId"] = $"{target["targetId"]}", ["flatten"] = true }, cancellationToken);
        browser._session = $"{session["sessionId"]}";
        foreach (string domain in new[] { "Page", "Runtime", "Log", "Network" }) await browser.CallAsync($"{domain}.enable", [], cancellationToken);
        return browser;
    }

    /// <summary>Opens a file at a width, in light or dark colours, and waits until its scripts have run.</summary>
    public async Task OpenAsync(string path, int width, int height, bool isDark, CancellationToken cancellationToken)
    {
        (int Faults, int Requests) before = (_faults.Count, _requests.Count);
        _faults.RemoveRange(0, before.Faults);
        _requests.RemoveRange(0, before.Requests);
        JsonObject size = new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false };
        await CallAsync("Emulation.setDeviceMetricsOverride", size, cancellationToken);
        await CallAsync("Emulation.setEmulatedMedia", new JsonObject
        {
            ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = isDark ? "dark" : "light" }),
        }, cancellationToken);
        await CallAsync("Page.navigate", new JsonObject { ["url"] = new Uri(path).AbsoluteUri }, cancellationToken);
        await EvaluateAsync("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => done()))", cancellationToken);
    }

    /// <summary>The value of an expression on the page; a promise is awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken cancellationToken)
    {
        JsonNode result = await CallAsync(
            "Runtime.evaluate", new JsonObject { ["expression"] = expression, ["returnByValue"] = true, ["awaitPromise"] = true }, cancellationToken);
        if (result["exceptionDetails"] is { }
            thrown) throw new InvalidOperationException($"{expression}: {thrown["exception"]?["description"] ?? thrown["text"]}");
        return result["result"]?["value"]?.DeepClone();
    }

    /// <summary>A picture of the upper part of the page.</summary>
    public async Task<byte[]> ScreenshotAsync(CancellationToken cancellationToken)
    {
        JsonNode result = await CallAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png", ["optimizeForSpeed"] = false }, cancellationToken);
        return Convert.FromBase64String($"{result["data"]}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        // A child of the program may still close a file in it; it is a temporary folder.
        catch (IOException)
        {
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        int id = ++_last;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session.Length > 0) message["sessionId"] = _session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            JsonNode received = await ReceiveAsync(cancellationToken);
            Note(received);
            if (received["id"]?.GetValue<int>() != id) continue;
            return received["result"] ?? throw new InvalidOperationException($"{method}: {received["error"]}");
        }
    }

    /// <summary>Keeps what a test asks about later.</summary>
    private void Note(JsonNode received)
    {
        JsonNode? own = received["params"];
        switch ($"{received["method"]}")
        {
            case "Runtime.exceptionThrown":
                _faults.Add($"{own!["exceptionDetails"]!["exception"]?["description"] ?? own["exceptionDetails"]!["text"]}");
                break;
            case "Runtime.consoleAPICalled" when $"{own!["type"]}" is "error" or "warning" or "assert":
                _faults.Add(own!.ToJsonString());
                break;
            case "Log.entryAdded" when $"{own!["entry"]!["level"]}" is "error" or "warning":
                _faults.Add($"{own!["entry"]!["text"]}");
                break;
            case "Network.requestWillBeSent":
                _requests.Add($"{own!["request"]!["url"]}");
                break;
            default:
                break;
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        using var whole = new MemoryStream();
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            whole.Write(buffer, 0, part.Count);
            if (!part.EndOfMessage) continue;
            whole.Position = 0;
            return JsonNode.Parse(whole) ?? throw new JsonException("null");
        }
    }
}
