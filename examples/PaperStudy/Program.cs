using System.Diagnostics;
using FlowDsl;
using FlowDsl.Examples;
using FlowDsl.Training;

var options = new TrainingOptions { Steps = int.Parse(args[0]), FinishIterations = int.Parse(args[1]), LearningRate = double.Parse(args[2]) };
var watch = Stopwatch.StartNew();
TrainingResult result = StudentTraining.Train<PaperMixture.Composed>(options, new Print());
Console.WriteLine($"{watch.Elapsed.TotalSeconds:f1} s: {string.Join(" ", result.SegmentErrors.Select(e => e.ToString("g3")))}");
StudentFlow flow = StudentFlow.Of<PaperMixture.Composed>(result.Weights);
int n = 50_000;
float[] starts = FlowSampling.DrawPrior<float>(GaussianMixtureModel.Of<PaperMixture>(), n, 99), ends = [.. starts], exact = [.. starts];
flow.Integrate(ends);
PaperMixture.Teacher.Integrate(exact);
double sum = 0, scale = 0; int flips = 0; var each = new List<double>();
for (int i = 0; i < n; i++) { double own = 0; for (int j = 0; j < 64; j++) { double e = ends[i*64+j]-exact[i*64+j]; own += e*e; scale += exact[i*64+j]*(double)exact[i*64+j]; } sum += own; if (own > 100) flips++; each.Add(own); }
each.Sort();
Console.WriteLine($"relMSE {sum/scale:g4} flips {flips} median {each[n/2]/scale*n:g3} 99% {each[n*99/100]/scale*n:g3}");
result.Weights.Save("/tmp/composed.safetensors");

sealed class Print : IProgress<TrainingProgress>
{
    private TimeSpan _last;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    public void Report(TrainingProgress p)
    {
        if (_watch.Elapsed - _last < TimeSpan.FromSeconds(5)) return;
        _last = _watch.Elapsed;
        Console.WriteLine($"{p.Segment} {p.Phase} {p.Step}/{p.StepCount} {p.RelativeError:g3} {p.Done:p0} {p.Remaining:mm\\:ss}");
    }
}
