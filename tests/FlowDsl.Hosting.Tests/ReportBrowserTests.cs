using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace FlowDsl.Tests;

/// <summary>
/// Reports in a browser: their scripts run without an error, ask for no other file, and do what they should. The pictures are kept below artifacts/;
/// with <c>FLOWDSL_ACCEPT_SNAPSHOTS=1</c> that of the documentation is written too.
/// </summary>
public class ReportBrowserTests(ITestOutputHelper output)
{
    // A browser that hangs must not hang the tests.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [BrowserFact]
    public async Task ReportOfAPlaneWorks()
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var folder = new TemporaryFolder();
        CommandLine.Run($"report Clover --out {folder["clover.html"]}").Done();
        await using Browser browser = await Browser.StartAsync(patience.Token);
        await browser.OpenAsync(folder["clover.html"], 1200, 1400, isDark: false, patience.Token);
        AssertQuiet(browser);
        Assert.Equal("Clover", await Text("document.querySelector('h1').textContent"));
        Assert.Contains("Its 6 samplers are compared with the exact flow", await Text("document.body.innerText"), StringComparison.Ordinal);

        // A click sorts by the numbers, not by their texts; another one the other way round.
        string[] declared = ["Euler16", "Ddim16", "Heun4", "Heun12", "Dpm3M20", "Rk4x12"];
        Assert.Equal(declared, await Rows());
        await Click("NFE");
        Assert.Equal(["Heun4", "Euler16", "Ddim16", "Dpm3M20", "Heun12", "Rk4x12"], await Rows());
        Assert.Equal("ascending", await Text("document.querySelector('#samplers-table th[aria-sort]').getAttribute('aria-sort')"));
        await Click("NFE");
        Assert.Equal("Rk4x12", (await Rows())[0]);
        Assert.Equal("descending", await Text("document.querySelector('#samplers-table th[aria-sort]').getAttribute('aria-sort')"));
        await Click("relative MSE");
        const string cells = "[...document.querySelectorAll('#samplers-table tbody tr')].map(row => Number(row.cells[5].dataset.key))";
        double[] keys = [.. (await browser.EvaluateAsync(cells, patience.Token))!
            .AsArray().Select(key => key!.GetValue<double>())];
        Assert.Equal(keys.Order(), keys);
        await Click("sampler");
        Assert.Equal(declared.Order(StringComparer.Ordinal), await Rows());

        // The pointer on a row marks the sampler in all figures; on a point it shows what it is; on the curves it reads them.
        await browser.EvaluateAsync("document.querySelector('tr[data-s=\"3\"]').dispatchEvent(new PointerEvent('pointerenter'))", patience.Token);
        // Two rows, two points, two curves, its samples, its steps, its budget.
        Assert.Equal(9, (await browser.EvaluateAsync("document.querySelectorAll('.lit [data-s=\"3\"].on').length", patience.Token))!.GetValue<int>());
        Assert.Equal(0, (await browser.EvaluateAsync("document.querySelectorAll('[data-s=\"2\"].on').length", patience.Token))!.GetValue<int>());
        await browser.EvaluateAsync("document.querySelector('tr[data-s=\"3\"]').dispatchEvent(new PointerEvent('pointerleave'))", patience.Token);
        await browser.EvaluateAsync("document.querySelector('#errors g[data-s=\"0\"]').dispatchEvent(new PointerEvent('pointermove'))", patience.Token);
        Assert.StartsWith("Euler16: 16 evaluations, relative MSE ", await Text("document.getElementById('tip').textContent"), StringComparison.Ordinal);
        await browser.EvaluateAsync("document.querySelector('#errors g[data-s=\"0\"]').dispatchEvent(new PointerEvent('pointerleave'))", patience.Token);
        await browser.EvaluateAsync(
            "(() => { const svg = document.querySelector('#time svg'), box = svg.getBoundingClientRect(); "
                + "svg.dispatchEvent(new PointerEvent('pointermove', { clientX: box.left + 0.5 * box.width, clientY: box.top + 50 })); })()", patience.Token);
        Assert.Matches(@"^t = 0\.\d+: .*E‖∇v‖ \d", await Text("document.querySelector('.readout').textContent"));
        AssertQuiet(browser);

        byte[] picture = await Keep("light", 1200, 1400, isDark: false);
        if (Environment.GetEnvironmentVariable("FLOWDSL_ACCEPT_SNAPSHOTS") == "1")
            await File.WriteAllBytesAsync(Path.Combine(Root(), "docs", "report.png"), picture, patience.Token);
        await Keep("dark", 1200, 1400, isDark: true);
        Assert.Equal("rgb(20, 22, 26)", await Text("getComputedStyle(document.body).backgroundColor"));
        await Keep("narrow", 400, 1600, isDark: false);
        // Nothing is wider than a small screen, but what scrolls by itself.
        Assert.Equal(400, (await browser.EvaluateAsync("document.documentElement.scrollWidth", patience.Token))!.GetValue<int>());

        async Task<string> Text(string expression) => (await browser.EvaluateAsync(expression, patience.Token))!.GetValue<string>();

        const string names = "[...document.querySelectorAll('#samplers-table tbody tr')].map(row => row.cells[0].textContent)";
        async Task<string[]> Rows() => [.. (await browser.EvaluateAsync(names, patience.Token))!
            .AsArray().Select(name => name!.GetValue<string>())];

        async Task Click(string title) => await browser.EvaluateAsync(
            $"[...document.querySelectorAll('#samplers-table th button')].find(button => button.textContent === '{title}').click()", patience.Token);

        async Task<byte[]> Keep(string name, int width, int height, bool isDark)
        {
            await browser.OpenAsync(folder["clover.html"], width, height, isDark, patience.Token);
            AssertQuiet(browser);
            byte[] bytes = await browser.ScreenshotAsync(patience.Token);
            string path = Path.Combine(Root(), "artifacts", "report", $"{name}.png");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, bytes, patience.Token);
            output.WriteLine(path);
            Assert.InRange(bytes.Length, 10_000, 1_000_000);
            return bytes;
        }
    }

    [BrowserFact]
    public async Task OtherReportsAreQuiet()
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var folder = new TemporaryFolder();
        await using Browser browser = await Browser.StartAsync(patience.Token);
        foreach (string name in new[] { "Bell", "Line", "Quintet", "Alone" })
        {
            CommandLine.Run($"report {name} -n 300 --out {folder[name + ".html"]}").Done();
            await browser.OpenAsync(folder[name + ".html"], 1200, 900, isDark: false, patience.Token);
            AssertQuiet(browser);
            Assert.Equal("", (await browser.EvaluateAsync("document.documentElement.dataset.ready", patience.Token))!.GetValue<string>());
        }
    }

    /// <summary>The two tests above would notice a script that fails, a message on the console, and a file from elsewhere.</summary>
    [BrowserFact]
    public async Task FaultsAreNoticed()
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["a.html"],
            "<!DOCTYPE html><title>x</title><script>console.error('said'); throw new Error('thrown');</script><img src='http://elsewhere.invalid/x.png'>");
        await using Browser browser = await Browser.StartAsync(patience.Token);
        await browser.OpenAsync(folder["a.html"], 400, 400, isDark: false, patience.Token);
        Assert.Contains(browser.Faults, fault => fault.Contains("said", StringComparison.Ordinal));
        Assert.Contains(browser.Faults, fault => fault.Contains("thrown", StringComparison.Ordinal));
        Assert.Contains(browser.Requests, request => request.Contains("elsewhere.invalid", StringComparison.Ordinal));
    }

    private static void AssertQuiet(Browser browser)
    {
        Assert.Empty(browser.Faults);
        Assert.NotEmpty(browser.Requests);
        Assert.All(browser.Requests, request => Assert.True(
            request.StartsWith("file:", StringComparison.Ordinal) || request.StartsWith("data:", StringComparison.Ordinal), request));
    }

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}

/// <summary>Skipped where no Chromium is installed, unless <c>FLOWDSL_REQUIRE_CHROMIUM</c> is 1: then it fails there.</summary>
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null && Environment.GetEnvironmentVariable("FLOWDSL_REQUIRE_CHROMIUM") != "1")
            Skip = "Needs chromium, chromium-browser or google-chrome on the PATH (Debian's package chromium).";
    }
}
