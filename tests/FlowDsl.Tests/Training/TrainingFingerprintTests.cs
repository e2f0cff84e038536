using System.Reflection;
using FlowDsl.Mathematics;
using FlowDsl.Training;

namespace FlowDsl.Tests;

/// <summary>A checkpoint is gone on from by the training that wrote it, and by no other.</summary>
public class TrainingFingerprintTests
{
    private static readonly TrainingOptions s_options = new();

    private static readonly Mixture s_mixture = Pair(1);

    public static TheoryData<string, StudentDescriptor> OtherStudents => new()
    {
        { "student", Student(name: "Other") },
        { "form", Student(form: StudentForm.Plain) },
        { "activation", Student(activation: Activation.ReLU) },
        { "width", Student(width: 9) },
        { "depth", Student(depth: 3) },
        { "weight bound", Student(weightBound: 0.5) },
        { "bounded biases", Student(boundBiases: true) },
        { "mixture", Student(mixture: Pair(1 + 1e-15)) },
        { "process", Student(process: new OrnsteinUhlenbeckProcess(beta: 1 + 1e-15)) },
        { "process", Student(process: new OrnsteinUhlenbeckProcess(sigma: 2)) },
        { "process", Student(process: new VarianceExplodingProcess(1e-3, 3)) },
        { "horizon", Student(process: new OrnsteinUhlenbeckProcess(horizon: 4)) },
        { "early stop", Student(process: new OrnsteinUhlenbeckProcess(earlyStop: 2e-3)) },
        { "times", Student(times: [3, 1.1, 1e-3]) },
        { "reference solver", Student(solver: Solver.Heun) },
        { "reference chart", Student(chart: Chart.State) },
        { "reference chart", Student(chart: Chart.Edm) },
        { "reference chart", Student(chartVariance: 0.5) },
        { "reference times", Student(reference: [3, 2, 1.5, 1, 0.2, 1e-3]) },
    };

    [Fact]
    public void ATrainingGoesOnFromItsOwnCheckpoint()
        => Assert.Null(Fingerprint(Student()).Difference(Fingerprint(Student()).Parts, ""));

    [Theory]
    [MemberData(nameof(OtherStudents))]
    public void AnotherStudentOrReferenceIsRefusedByName(string part, StudentDescriptor other)
    {
        string? difference = Fingerprint(other).Difference(Fingerprint(Student()).Parts, "");
        Assert.Contains($"its {part} ", difference, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherFunctionIsRefusedByName()
        => Assert.Equal("its target is flow, and this one's is sine at 1", Fingerprint(Student(), "sine at 1").Difference(Fingerprint(Student()).Parts, ""));

    /// <summary>All options but those that change no bit: one that is added later is asked for here.</summary>
    [Fact]
    public void EveryOptionThatDecidesTheWeightsIsInIt()
    {
        string[] without = [
            nameof(TrainingOptions.MaxThreads), nameof(TrainingOptions.Checkpoint), nameof(TrainingOptions.CheckpointInterval),
            nameof(TrainingOptions.Segments),
        ];
        PropertyInfo[] properties = [.. typeof(TrainingOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)];
        Assert.Equal(14, properties.Length);
        foreach (PropertyInfo property in properties)
        {
            TrainingOptions other = s_options with { };
            property.SetValue(other, property.GetValue(other) switch
            {
                int value => value + 1,
                double value => value + 0.25,
                ulong value => value + 1,
                LearningRateDecay => LearningRateDecay.None,
                TimeSpan value => 2 * value,
                null when property.PropertyType == typeof(Range?) => 1..2,
                null => "a.checkpoint",
                object value => throw new NotSupportedException($"{property.Name} is {value}."),
            });
            string? difference = TrainingFingerprint.Of(Student(), Student().Sampler.Model, "flow", other).Difference(Fingerprint(Student()).Parts, "");
            if (without.Contains(property.Name)) Assert.Null(difference);
            else Assert.Equal(1, difference?.Split("; ").Length);
        }
    }

    [Fact]
    public void AFileOfSomethingElseIsNotACheckpoint()
        => Assert.Equal(
            "it is not a checkpoint of this version's training",
            Fingerprint(Student()).Difference(new Dictionary<string, string> { ["format"] = "pt" }, "training."));

    private static TrainingFingerprint Fingerprint(StudentDescriptor student, string target = "flow")
        => TrainingFingerprint.Of(student, student.Sampler.Model, target, s_options);

    private static Mixture Pair(double mean) => new([0.5, 0.5], [[-1], [mean]], [Covariance.Isotropic(1, 0.04), Covariance.Isotropic(1, 0.04)]);

    private static StudentDescriptor Student(
        string name = "Small", StudentForm form = StudentForm.Residual, Activation activation = Activation.SiLU, int width = 8, int depth = 2,
        double weightBound = double.PositiveInfinity, bool boundBiases = false, Mixture? mixture = null, Process? process = null, double[]? times = null,
        Solver solver = Solver.RungeKutta4, Chart chart = Chart.Canonical, double chartVariance = 1, double[]? reference = null)
    {
        var model = new GaussianMixtureModel(mixture ?? s_mixture, process ?? new OrnsteinUhlenbeckProcess());
        double[] own = times ?? [model.Process.Horizon, 1, model.Process.EarlyStop];
        return new StudentDescriptor(
            Sampler(name, model, own, solver, chart, chartVariance), StudentShape.Create(form, activation, width, depth, model.Mixture),
            weightBound, boundBiases,
            reference is null ? null : Sampler("Reference", model, reference, solver, chart, chartVariance));
    }

    private static SamplerDescriptor Sampler(string name, GaussianMixtureModel model, double[] times, Solver solver, Chart chart, double chartVariance) => new()
    {
        Name = name,
        Dimension = 1,
        Solver = solver,
        Chart = chart,
        ChartVariance = chart == Chart.Canonical ? chartVariance : 0,
        Grid = null,
        Precision = Precision.Single,
        Times = times,
        FunctionEvaluations = times.Length - 1,
        HistoryLength = 0,
        Stability = [],
        Model = model,
    };
}
