using FlowDsl.Mathematics;
using FlowDsl.Runtime.Arithmetic;

namespace FlowDsl.Tests;

/// <summary>The error of a sampler on a network, divided between the two.</summary>
public class FieldErrorBudgetTests
{
    private static GaussianMixtureModel Model => GaussianMixtureModel.From<Planned>();

    /// <summary>A network without error errs nothing; what is left is what <see cref="ErrorBudget"/> says of the same sampler.</summary>
    [Fact]
    public void OfAnExactNetworkAllErrorIsTheSolvers()
    {
        var budget = FieldErrorBudget.Measure<Planned.Fast>(ExactField.Of(Model, Planned.Flow.Convention), 60, 5);
        var own = ErrorBudget.Measure<Planned.Fast, float>(60, 5);
        Assert.InRange(budget.Doubt, 0, 2e-4);
        Assert.InRange(Math.Sqrt(budget.NetworkRelativeMeanSquaredError), 0, 2e-5);
        Assert.Equal(1, budget.SolverRelativeMeanSquaredError / own.RelativeMeanSquaredError, 2e-3);
        Assert.Equal(1, budget.SolverShare, 2e-3);
        Assert.Equal(own.MedianError, budget.MedianError, 1e-5);
        Assert.Equal(own.FlipShare, budget.SolverFlipShare);
        Assert.Equal(0, budget.NetworkFlipShare);
        Assert.Equal(own.Segments.Count, budget.Segments.Count);
        for (int j = 0; j < own.Segments.Count; j++)
        {
            FieldSegmentBudget segment = budget.Segments[j];
            Assert.Equal((own.Segments[j].From, own.Segments[j].To), (segment.From, segment.To));
            Assert.Equal((segment.From, segment.To), (segment.Solver.From, segment.Solver.To));
            Assert.Equal(own.Segments[j].LocalError, segment.Solver.LocalError, 2e-5);
            Assert.Equal(own.Segments[j].Contribution, segment.Solver.Contribution, 2e-5);
            Assert.Equal(own.Segments[j].FirstOrderContribution, segment.Solver.FirstOrderContribution, 2e-5);
            Assert.Equal(own.Segments[j].Share, segment.Solver.Share, 5e-3);
            Assert.Equal(own.Segments[j].CumulativeError, segment.Solver.CumulativeError, 2e-5);
            Assert.InRange(segment.Network.LocalError, 0, 2e-5);
            Assert.InRange(segment.Doubt, 0, 2e-4);
        }
    }

    /// <summary>
    /// Of one Gaussian everything is linear. A velocity that is wrong by c moves a state by -c√λ_t ∫ ds/√λ_s from t to the start, λ = a²σ² + s²: on a segment,
    /// and at the end.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.3)]
    public void OfAFineSamplerOnAWrongNetworkAllErrorIsTheNetworks(double variance)
    {
        const double wrong = 0.02;
        Process process = Models.Ou(0.05, 2);
        var model = new GaussianMixtureModel(Models.Isotropic([1], [[0.4, -1.2]], variance), process);
        var sampler = new FieldSampler(SamplerDescriptor.Create(model, Solver.DpmSolverPlusPlus3S, model.CreateTimes(Grid.UniformLogSnr, 40)));
        FieldErrorBudget budget = FieldErrorBudget.Measure(sampler, Wrong(model, wrong), 20, 4, ownSteps: 8);
        IReadOnlyList<double> times = sampler.Plan.Times;
        double last = process.At(times[^1]).Spread(variance), sum = 0;
        for (int j = 0; j < 40; j++)
        {
            double shift = wrong * Math.Sqrt(process.At(times[j + 1]).Spread(variance)) * Integral(times[j + 1], times[j]);
            double contribution = shift * Math.Sqrt(last / process.At(times[j + 1]).Spread(variance));
            sum += contribution;
            FieldSegmentBudget segment = budget.Segments[j];
            Assert.Equal(shift, segment.Network.LocalError, 4e-6);
            Assert.Equal(contribution, segment.Network.Contribution, 4e-6);
            Assert.InRange(segment.Solver.LocalError, 0, 4e-6);
        }
        // Where the sampler is fine, its own error is rounding.
        Assert.InRange(Math.Sqrt(budget.SolverRelativeMeanSquaredError), 0, 2e-5);
        Assert.Equal(1, budget.NetworkShare, 1e-3);
        Assert.Equal(1, budget.Segments.Sum(segment => segment.Network.Share), 1e-3);
        for (int i = 0; i < 20; i++) Compare.Within([-sum, 0], budget.NetworkErrors.Slice(2 * i, 2), 2e-5, "network");

        // Simpson's rule.
        double Integral(double from, double to)
        {
            const int parts = 64;
            double width = (to - from) / parts, total = 0;
            for (int i = 0; i <= parts; i++) total += (i is 0 or parts ? 1 : i % 2 == 1 ? 4 : 2) / Math.Sqrt(process.At(from + i * width).Spread(variance));
            return total * width / 3;
        }
    }

    /// <summary>Both divisions are exact, sample by sample, of a coarse sampler on a network of another mixture.</summary>
    [Fact]
    public void ThePartsSumToTheError()
    {
        const int count = 50;
        var other = new GaussianMixtureModel(
            new Mixture([0.5, 0.5], [[-0.8, 0.3], [0.9, 0.4]], [Covariance.Isotropic(2, 0.3), Covariance.Isotropic(2, 0.4)]), Model.Process);
        INetworkField field = ExactField.Of(other, Planned.Flow.Convention);
        FieldErrorBudget budget = FieldErrorBudget.Measure<Planned.Fast>(field, count, 9);
        float[] starts = FlowSampling.DrawPrior<float>(Model, count, 9), states = [.. starts];
        double[] from = Array.ConvertAll(starts, x => (double)x), exact = new double[from.Length], own = new double[from.Length];
        Planned.Fast.Integrate(states, field);
        Model.FlowMaps(1, 0.02, from, exact);
        // The other mixture's exact flow is the network's own.
        other.FlowMaps(1, 0.02, from, own);
        double error2 = 0, size2 = 0, network2 = 0, solver2 = 0, along = 0;
        for (int c = 0; c < from.Length; c++)
        {
            double error = states[c] - exact[c], network = own[c] - exact[c], solver = states[c] - own[c];
            Assert.Equal(error, budget.Errors[c], 1e-8);
            Assert.Equal(budget.Errors[c], budget.NetworkErrors[c] + budget.SolverErrors[c], 1e-15);
            Assert.Equal(network, budget.NetworkErrors[c], 1e-3);
            (error2, size2, network2, solver2, along) =
                (error2 + error * error, size2 + exact[c] * exact[c], network2 + network * network, solver2 + solver * solver, along + network * error);
        }
        Assert.Equal(1, budget.RelativeMeanSquaredError / (error2 / size2), 1e-6);
        Assert.Equal(1, budget.NetworkRelativeMeanSquaredError / (network2 / size2), 1e-3);
        Assert.Equal(1, budget.SolverRelativeMeanSquaredError / (solver2 / size2), 1e-2);
        Assert.Equal(along / error2, budget.NetworkShare, 1e-3);
        Assert.Equal(1, budget.NetworkShare + budget.SolverShare, 1e-12);
        Assert.Equal(1, budget.Segments.Sum(segment => segment.Network.Share + segment.Solver.Share), 1e-8);
        Assert.Equal(Math.Sqrt(error2 / count), budget.Segments[^1].Solver.CumulativeError, 1e-7);
        Assert.True(budget.NetworkShare > 0.5 && budget.Segments.All(segment => segment.Network.LocalError > 10 * segment.Doubt), $"{budget}");
    }

    /// <summary>The parts of one sample on one segment are lengths, each from a flow map of its own.</summary>
    [Fact]
    public void ASegmentsPartsAreWhatTheySay()
    {
        var other = new GaussianMixtureModel(Models.Isotropic([0.4, 0.6], [[-0.5, 0.3], [0.9, 0.1]], 0.35), Model.Process);
        INetworkField field = ExactField.Of(other, Planned.Flow.Convention);
        SamplerDescriptor plan = Planned.Fast.Descriptor;
        FieldErrorBudget budget = FieldErrorBudget.Measure<Planned.Fast>(field, 1, 3, ownSteps: 64);
        float[] state = FlowSampling.DrawPrior<float>(Model, 1, 3), history = new float[2 * plan.HistoryLength];
        double[] network = new double[2], exact = new double[2], networkEnd = new double[2], exactEnd = new double[2], solverEnd = new double[2];
        for (int j = 0; j < plan.SegmentCount; j++)
        {
            double[] before = Array.ConvertAll(state, x => (double)x);
            double from = plan.Times[j], to = plan.Times[j + 1];
            Planned.Fast.Integrate(state, field, history, j, 1);
            other.FlowMap(from, to, before, network);
            Model.FlowMap(from, to, before, exact);
            Model.FlowMap(to, 0.02, network, networkEnd);
            Model.FlowMap(to, 0.02, exact, exactEnd);
            Model.FlowMap(to, 0.02, Array.ConvertAll(state, x => (double)x), solverEnd);
            FieldSegmentBudget segment = budget.Segments[j];
            Assert.Equal(Vectors.Distance(network, exact), segment.Network.LocalError, 1e-4);
            Assert.Equal(Vectors.Distance(networkEnd, exactEnd), segment.Network.Contribution, 1e-4);
            Assert.Equal(Vectors.Distance(Array.ConvertAll(state, x => (double)x), network), segment.Solver.LocalError, 1e-4);
            Assert.Equal(Vectors.Distance(solverEnd, networkEnd), segment.Solver.Contribution, 1e-4);
        }
    }

    [Fact]
    public void MoreStepsOfItsOwnLeaveLessDoubt()
    {
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        FieldErrorBudget rough = FieldErrorBudget.Measure<Planned.Fast>(field, 30, 2, ownSteps: 2);
        FieldErrorBudget fine = FieldErrorBudget.Measure<Planned.Fast>(field, 30, 2, ownSteps: 16);
        Assert.True(fine.Doubt < 0.1 * rough.Doubt, $"{fine.Doubt} and {rough.Doubt}");
        // The network errs nothing, so all that is charged to it is the fine run's error.
        double error = Vectors.Norm(fine.NetworkErrors) / Math.Sqrt(30);
        Assert.InRange(error, 0, fine.Doubt);
        // Six evaluations of the sampler; of six segments, three for each step of four runs.
        Assert.Equal(6 + 2 * 6 * 3 * (16 + 8), fine.FunctionEvaluations);
    }

    [Fact]
    public void TheTableSaysWhatIsMeasured()
    {
        FieldErrorBudget budget = FieldErrorBudget.Measure(
            Planned.Preconditioned.FieldSampler, ExactField.Of(Model, Planned.Edm.Convention), 10, 1, ownSteps: 4);
        string[] lines = budget.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 4 + 2, lines.Length);
        Assert.StartsWith("segment", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("At the end of 10 samples: relative MSE ", lines[5], StringComparison.Ordinal);
        Assert.StartsWith("Solver ", lines[6], StringComparison.Ordinal);
        Assert.All(lines[..5], line => Assert.Equal(lines[0].Length, line.Length));
        using var writer = new StringWriter { NewLine = "\n" };
        budget.WriteTable(writer);
        Assert.Equal(budget.ToString(), writer.ToString());
        Assert.Contains("network ", budget.Segments[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ItReportsProgressAndCanBeCancelled()
    {
        var told = new Told();
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        FieldErrorBudget.Measure<Planned.Fast>(field, 40, 1, ownSteps: 2, progress: told);
        Assert.Equal(40, told.Values[^1]);
        Assert.Equal(told.Values.Order(), told.Values);
        using var cancelled = new CancellationTokenSource();
        int calls = 0;
        // Cancelled by the network itself, in the middle of a segment.
        var stopping = new DelegateField(2, (time, states, outputs) =>
        {
            if (++calls == 20) cancelled.Cancel();
            field.Evaluate(time, states, outputs);
        });
        Assert.ThrowsAny<OperationCanceledException>(
            () => FieldErrorBudget.Measure<Planned.Fast>(stopping, 40, 1, ownSteps: 16, cancellationToken: cancelled.Token));
        Assert.InRange(calls, 20, 200);
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        FieldSampler sampler = Planned.Fast.FieldSampler;
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        Assert.Throws<ArgumentNullException>("sampler", () => FieldErrorBudget.Measure(null!, field, 1, 1));
        Assert.Throws<ArgumentNullException>("field", () => FieldErrorBudget.Measure(sampler, null!, 1, 1));
        Assert.Throws<ArgumentException>("field", () => FieldErrorBudget.Measure(sampler, new DelegateField(3, (_, _, _) => { }), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => FieldErrorBudget.Measure(sampler, field, 0, 1));
        foreach (int steps in (int[])[-4, 0, 1, 3, 2048])
            Assert.Throws<ArgumentOutOfRangeException>("ownSteps", () => FieldErrorBudget.Measure(sampler, field, 1, 1, steps));
        Assert.Throws<ArgumentOutOfRangeException>(() => FieldErrorBudget.Measure(sampler, field, 1, 1, tolerance: double.NaN));
    }

    /// <summary>A network that is no number is no small error, and the others' figures are not touched.</summary>
    [Fact]
    public void WhatIsNoNumberIsNoSmallError()
    {
        INetworkField field = ExactField.Of(Model, Planned.Flow.Convention);
        var broken = new DelegateField(2, (time, states, outputs) =>
        {
            field.Evaluate(time, states, outputs);
            outputs[0] = float.NaN;
        });
        FieldErrorBudget budget = FieldErrorBudget.Measure<Planned.Fast>(broken, 4, 2, ownSteps: 2);
        Assert.True(double.IsNaN(budget.RelativeMeanSquaredError) && double.IsNaN(budget.Doubt) && double.IsNaN(budget.SolverShare));
        Assert.Equal((0.25, 0.25, 0.25), (budget.FlipShare, budget.SolverFlipShare, budget.NetworkFlipShare));
        Assert.True(double.IsNaN(budget.Errors[0]) && double.IsFinite(budget.Errors[2]));
    }

    /// <summary>The mixture's velocity, wrong by a constant in the first coordinate.</summary>
    private static DelegateField Wrong(GaussianMixtureModel model, double shift) => new(2, (time, states, outputs) =>
    {
        double[] x = new double[2], velocity = new double[2];
        for (int i = 0; i < states.Length; i += 2)
        {
            (x[0], x[1]) = (states[i], states[i + 1]);
            model.Velocity(time, x, velocity);
            (outputs[i], outputs[i + 1]) = ((float)(velocity[0] + shift), (float)velocity[1]);
        }
    });

    private sealed class Told : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
