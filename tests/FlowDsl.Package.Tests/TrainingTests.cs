namespace FlowDsl.Tests;

/// <summary>What a user does with a student: declare it, train it, build again.</summary>
[Collection(PackageCollection.Name)]
public class TrainingTests(PackageFixture package)
{
    private const string Program =
        """
        using System.Globalization;
        using FlowDsl;
        using FlowDsl.Training;

        if (args is ["train", var folder])
        {
            TrainingResult result = StudentTraining.Train<Learned.Distilled>(new TrainingOptions { Steps = 300, LearningRate = 3e-3 });
            result.Weights.Save(Path.Combine(folder, "Distilled.safetensors"));
            return;
        }
        float[] starts = FlowSampling.DrawPrior<float>(GaussianMixtureModel.From<Learned>(), 2000, 5), learned = [.. starts], exact = [.. starts];
        Learned.Teacher.Integrate(exact);
        FlowError[] errors = new FlowError[2000];
        try
        {
            Learned.Distilled.Integrate(learned, errors);
        }
        catch (InvalidOperationException exception)
        {
            Console.WriteLine(exception.Message);
            return;
        }
        double error = 0, scale = 0;
        for (int i = 0; i < learned.Length; i++)
        {
            error += (learned[i] - exact[i]) * (learned[i] - exact[i]);
            scale += exact[i] * exact[i];
        }
        double estimate = Math.Sqrt(errors.Average(own => own.Estimate * own.Estimate) / (scale / 2000));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{error / scale} {estimate}"));

        /// <summary>Two modes and a student.</summary>
        [GaussianMixture(2)]
        [Component(0.3, -1.2, 0.9, Variance = 0.04)]
        [Component(0.7, 1.2, -0.9, Variance = 0.04)]
        [Sampler("Teacher", Steps = 32, Solver = Solver.RungeKutta4)]
        [Student("Distilled", Segments = 2, Width = 16, Form = StudentForm.ResponsibilityCorrected, Reference = "Teacher", Weights = "Distilled.safetensors")]
        public partial class Learned;
        """;

    [Fact]
    public async Task StudentIsTrainedAndCompiledIn()
    {
        Consumer consumer = package.CreateTrainer("Training", ("Program.cs", Program));
        Succeeds(await consumer.Build());
        Assert.Contains("Student 'Distilled' has no weights", Succeeds(await consumer.Run()).Output, StringComparison.Ordinal);
        Succeeds(await consumer.Run("train", consumer.Folder));
        Succeeds(await consumer.Build());
        string[] figures = Succeeds(await consumer.Run()).Output.Trim().Split(' ');
        double[] values = Array.ConvertAll(figures, text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        // Untrained, the two exponential steps are off by more than 0.1.
        Assert.InRange(values[0], 1e-8, 0.02);
        // What is reported is the error, to first order.
        Assert.InRange(values[1] / Math.Sqrt(values[0]), 0.5, 2);
    }

    private static CommandResult Succeeds(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }
}
