using FlowDsl.Hosting.Reports.Gathering;
using FlowDsl.Mathematics;
using FlowDsl.Tests.Hosted;

namespace FlowDsl.Tests.Hosted
{
#pragma warning disable FLOW0315, FLOW0316, FLOW0317, FLOW0318 // few steps: the commands are tested, not the samplers
    /// <summary>Two modes on a line, in the training steps of a diffusion model.</summary>
    [GaussianMixture(1)]
    [Component(0.5, -1, Variance = 0.09)]
    [Component(0.5, 1, Variance = 0.09)]
    [VariancePreserving(Schedule = NoiseSchedule.SquaredCosine, Steps = 100)]
    [Sampler("Even", Steps = 9, Solver = Solver.DpmSolverPlusPlus2M, Grid = Grid.Uniform)]
    public partial class Trained;

    /// <summary>The same of betas that have no name.</summary>
    [GaussianMixture(1)]
    [Component(0.5, -1, Variance = 0.09)]
    [Component(0.5, 1, Variance = 0.09)]
    [VariancePreserving(Betas = new[] { 0.01, 0.1, 0.3, 0.8 })]
    [Sampler("Even", Steps = 3, Solver = Solver.Ddim, Grid = Grid.Uniform)]
    public partial class TrainedOnBetas;
#pragma warning restore FLOW0315, FLOW0316, FLOW0317, FLOW0318
}

namespace FlowDsl.Tests
{
    /// <summary>Commands over models whose time is the training step.</summary>
    public class TrainingStepsTests
    {
        /// <summary>A pipeline of the same training is told the process's own steps, whatever their number.</summary>
        [Fact]
        public void TimestepsAreTheProcessesOwn()
        {
            var json = CommandLine.Run("grid Trained.Even --as timesteps --json").Json();
            Assert.Equal("squaredcos_cap_v2", json.GetProperty("schedule").GetString());
            Assert.Equal([99, 88, 77, 66, 55, 44, 33, 22, 11], json.GetProperty("values").EnumerateArray().Select(value => value.GetInt32()));
            Assert.Equal((0, 0), (json.GetProperty("merged").GetInt32(), json.GetProperty("clamped").GetInt32()));
            json = CommandLine.Run("grid TrainedOnBetas.Even --as timesteps --json").Json();
            Assert.Equal("trained_betas", json.GetProperty("schedule").GetString());
            Assert.Equal([3, 2, 1], json.GetProperty("values").EnumerateArray().Select(value => value.GetInt32()));
            // Another pipeline's are asked for.
            Assert.Contains("\"linear\"", CommandLine.Run("grid Trained.Even --as timesteps --schedule linear --json").Output, StringComparison.Ordinal);
        }

        [Fact]
        public void TheProcessIsDescribedWithItsNumbers()
            => Assert.StartsWith(
                "variance preserving, a² + s² = 1, t counts training steps: 100 betas of a squared cosine; sampled from t = 99 to t = 0",
                CommandLine.Run("show Trained --json").Json().GetProperty("process").GetString(), StringComparison.Ordinal);

        /// <summary>Steps are even, so a report's axis of time is.</summary>
        [Fact]
        public void ReportsHaveAnEvenAxis()
        {
            using var folder = new TemporaryFolder();
            CommandLine.Run($"report Trained -n 200 --out {folder["trained.html"]}").Done();
            string page = File.ReadAllText(folder["trained.html"]);
            Assert.Contains("a variance-preserving process of 100 training steps", page, StringComparison.Ordinal);
            Assert.Contains("<msqrt>", page, StringComparison.Ordinal);
            Process process = GaussianMixtureModel.From<Trained>().Process;
            var axis = TimeScale.For(process, [99, 50, 0]);
            Assert.Equal((0, 0.5, 1), (axis.Place(99), axis.Place(49.5), axis.Place(0)));
        }

        /// <summary>Shards of one run have one schedule: a manifest names it, and its levels by a hash.</summary>
        [Fact]
        public void ManifestsTellSchedulesApart()
        {
            using var folder = new TemporaryFolder();
            CommandLine.Run($"sample TrainedOnBetas.Even -n 20 --shard-samples 10 --out {folder["run"]}").Done();
            string manifest = File.ReadAllText(Path.Combine(folder["run"], "manifest.json"));
            Assert.Matches("Schedule = 4 given betas from 0.01 to 0.8, levels = [0-9a-f]{64}", manifest);
        }
    }
}
