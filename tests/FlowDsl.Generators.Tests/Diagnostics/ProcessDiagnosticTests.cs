using System.Reflection;
using FlowDsl.Mathematics;
using FlowDsl.Mathematics.Processes;

namespace FlowDsl.Generators.Tests;

public class ProcessDiagnosticTests
{
    private static string Model(string process, string component = "1, 0, Variance = 1")
        => $"using FlowDsl;\n[GaussianMixture(1)]\n[Component({component})]\n{process}\npublic partial class Ring;";

    [Fact]
    public void FLOW0201SeveralProcesses()
        => DiagnosticAssert.Reports(
            "FLOW0201", Model("[OrnsteinUhlenbeck, ⟦VarianceExploding(SigmaMax = 10)⟧]"), "'Ring'", "[OrnsteinUhlenbeck]", "[VarianceExploding]");

    [Theory]
    [InlineData("[OrnsteinUhlenbeck(Beta = ⟦0⟧)]", "Beta", "is 0;", "positive and finite")]
    [InlineData("[OrnsteinUhlenbeck(Sigma = ⟦double.NaN⟧)]", "Sigma", "is NaN;", "positive and finite")]
    [InlineData("[OrnsteinUhlenbeck(Horizon = ⟦double.PositiveInfinity⟧)]", "Horizon", "is Infinity;", "positive and finite")]
    [InlineData("[VarianceExploding(SigmaMax = ⟦-80⟧)]", "SigmaMax", "is -80;", "positive and finite")]
    [InlineData("[LinearInterpolant(Horizon = ⟦1.5⟧)]", "Horizon", "is 1.5;", "positive and at most 1")]
    [InlineData("[LinearInterpolant(Horizon = ⟦0⟧)]", "Horizon", "is 0;", "positive and at most 1")]
    [InlineData("[VariancePreserving(Horizon = ⟦1000⟧)]", "Horizon", "is 1000;", "positive and at most 999")]
    [InlineData("[VariancePreserving(Horizon = ⟦2.5⟧, Betas = new[] { 0.1, 0.2, 0.3 })]", "Horizon", "is 2.5;", "positive and at most 2")]
    [InlineData("[VariancePreserving(Horizon = ⟦0⟧)]", "Horizon", "is 0;", "positive and at most 999")]
    [InlineData("[VariancePreserving(Steps = ⟦1⟧)]", "Steps", "is 1;", "between 2 and 1000000")]
    [InlineData("[VariancePreserving(BetaStart = ⟦0⟧)]", "BetaStart", "is 0;", "positive and less than 1")]
    [InlineData("[VariancePreserving(BetaEnd = ⟦1⟧)]", "BetaEnd", "is 1;", "positive and less than 1")]
    [InlineData("[VariancePreserving(BetaStart = 0.1, BetaEnd = ⟦0.05⟧)]", "BetaEnd", "is 0.05;", "at least BetaStart, 0.1")]
    [InlineData("[VariancePreserving(Schedule = NoiseSchedule.ScaledLinear, BetaEnd = ⟦0.0001⟧)]", "BetaEnd", "is 0.0001;", "at least BetaStart, 0.00085")]
    [InlineData("[VariancePreserving(Betas = ⟦new[] { 0.5 }⟧)]", "Betas", "a single number", "at least 2")]
    [InlineData("[VariancePreserving(Betas = new[] { 0.5, ⟦-1⟧ })]", "Betas", "is -1;", "positive and less than 1")]
    [InlineData(
        "[VariancePreserving(Schedule = ⟦NoiseSchedule.Linear⟧, Betas = new[] { 0.5, 0.6 })]", "Schedule", "is Linear;", "left out where Betas are given")]
    [InlineData(
        "[VariancePreserving(Schedule = ⟦NoiseSchedule.Flow⟧)]", "Schedule", "is Flow;", "Linear, ScaledLinear or SquaredCosine, unless Betas are given")]
    [InlineData(
        "[VariancePreserving(Schedule = ⟦NoiseSchedule.Process⟧)]", "Schedule", "is Process;", "Linear, ScaledLinear or SquaredCosine, unless Betas are given")]
    [InlineData("[VariancePreserving(Schedule = ⟦(NoiseSchedule)9⟧)]", "Schedule", "is 9;", "one of Process, Linear, ScaledLinear, SquaredCosine, Flow")]
    public void FLOW0202ProcessParameterOutOfRange(string process, params string[] words)
        => DiagnosticAssert.Reports("FLOW0202", Model(process), ["'Ring'", .. words]);

    [Theory]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦-0.1⟧)]", "EarlyStop of 'Ring' is -0.1;", "less than Horizon = 3")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦double.NaN⟧)]", "EarlyStop of 'Ring' is NaN;")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦double.PositiveInfinity⟧)]", "EarlyStop of 'Ring' is Infinity;")]
    [InlineData("[LinearInterpolant(EarlyStop = ⟦1⟧)]", "EarlyStop of 'Ring' is 1;", "less than Horizon = 1")]
    [InlineData("[VarianceExploding(SigmaMin = ⟦90⟧)]", "SigmaMin of 'Ring' is 90;", "less than SigmaMax = 80")]
    [InlineData("[VariancePreserving(EarlyStop = ⟦-1⟧)]", "EarlyStop of 'Ring' is -1;", "less than Horizon = 999")]
    [InlineData("[VariancePreserving(EarlyStop = ⟦50⟧, Horizon = 50)]", "EarlyStop of 'Ring' is 50;", "less than Horizon = 50")]
    [InlineData("[VariancePreserving(Steps = 10, EarlyStop = ⟦9⟧)]", "EarlyStop of 'Ring' is 9;", "less than Horizon = 9")]
    [InlineData("[⟦OrnsteinUhlenbeck(Horizon = 0.0001)⟧]", "EarlyStop of 'Ring' is 0.001;", "less than Horizon = 0.0001")]
    public void FLOW0203EarlyStopOutOfRange(string process, params string[] words)
        => DiagnosticAssert.Reports("FLOW0203", Model(process), words);

    [Theory]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦0⟧)]", "1, 0, Variance = 0", "EarlyStop")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦-0.0⟧)]", "1, 0, Variances = new double[] { 0 }", "EarlyStop")]
    [InlineData("[VarianceExploding(SigmaMin = ⟦0⟧)]", "1, 0, Covariance = new double[] { 0 }", "SigmaMin")]
    [InlineData("[LinearInterpolant(EarlyStop = ⟦0⟧)]", "1, 0, Variance = 0", "EarlyStop")]
    public void FLOW0204SingularAtTimeZero(string process, string component, string argument)
        => DiagnosticAssert.Reports("FLOW0204", Model(process, component), $"{argument} of 'Ring' is 0", "component 0", $"make {argument} positive");

    [Fact]
    public void FLOW0204SingularAtTimeZeroOfAMatrixThatIsSingularWithinRounding()
        => DiagnosticAssert.Reports(
            "FLOW0204",
            "using FlowDsl; [GaussianMixture(2), Component(1, 0, 0, Covariance = new[] { 0.1, 0.3, 0.3, 0.9 }), "
                + "OrnsteinUhlenbeck(EarlyStop = ⟦0⟧)] partial class Ring;");

    [Theory]
    [InlineData("[VarianceExploding(SigmaMin = ⟦1e-165⟧)]", "SigmaMin is 1E-165;", "from 1e-50 to 1e50", "or 0")]
    [InlineData("[VarianceExploding(SigmaMax = ⟦1e155⟧)]", "SigmaMax is 1E+155;", "from 1e-50 to 1e50")]
    [InlineData("[OrnsteinUhlenbeck(Sigma = ⟦1e200⟧)]", "Sigma is 1E+200;", "from 1e-50 to 1e50: use other units")]
    [InlineData("[OrnsteinUhlenbeck(Beta = ⟦1e51⟧)]", "Beta is 1E+51;", "from 1e-50 to 1e50")]
    [InlineData("[OrnsteinUhlenbeck(Horizon = ⟦1e-308⟧, EarlyStop = 0)]", "Horizon is 1E-308;", "from 1e-50 to 1e50")]
    [InlineData("[LinearInterpolant(EarlyStop = 0, Horizon = ⟦2.2250738585072014e-308⟧)]", "Horizon is 2.22507E-308;", "from 1e-50 to 1e50")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦1e-320⟧)]", "EarlyStop is 9.99989E-321;", "or 0")]
    [InlineData("[LinearInterpolant(EarlyStop = ⟦1e-160⟧)]", "EarlyStop is 1E-160;", "or 0")]
    [InlineData(
        "[OrnsteinUhlenbeck(Beta = 1e-50, Horizon = ⟦1e-50⟧, EarlyStop = 0, Sigma = 1e-3)]",
        "Horizon is 1E-50, for which the noise level s is 1.41421E-53; it must be from 1e-50 to 1e50")]
    [InlineData("[OrnsteinUhlenbeck(EarlyStop = ⟦1e-4⟧, Sigma = 1e-49)]", "EarlyStop is 0.0001, for which the noise level s is 1.41414E-51;")]
    [InlineData("[VariancePreserving(Betas = ⟦new[] { 0.5, 1e-20 }⟧)]", "training step 1 has no noise level of its own")]
    [InlineData("[VariancePreserving(Schedule = ⟦NoiseSchedule.Linear⟧, BetaStart = 0.9, BetaEnd = 0.999)]", "has no noise level of its own")]
    [InlineData("[⟦VariancePreserving(BetaStart = 1e-120)⟧]", "EarlyStop is 0, for which the noise level s is 1E-60; it must be from 1e-50 to 1e50")]
    public void FLOW0205ProcessUnresolved(string process, params string[] words) => DiagnosticAssert.Reports("FLOW0205", Model(process), words);

    [Theory]
    [InlineData("[OrnsteinUhlenbeck(Beta = 1e-50, Horizon = 1e50)]")]
    [InlineData("[OrnsteinUhlenbeck(Beta = 1e50, Horizon = 1e-50, EarlyStop = 0)]")]
    [InlineData("[VarianceExploding(SigmaMin = 1e-50, SigmaMax = 1e50)]")]
    [InlineData("[LinearInterpolant(EarlyStop = 1e-50)]")]
    public void FLOW0205TheEndsOfTheRangeAreSupported(string process)
        => GeneratorHarness.Run(Model($"{process}\n[Sampler(\"Fast\", Steps = 2, Grid = Grid.Angle, Precision = Precision.Double)]")).AssertClean();

    /// <summary>A kind that its list forgot would be an attribute that declares nothing.</summary>
    [Fact]
    public void EveryKindOfProcessIsListed()
    {
        IEnumerable<Type> kinds = typeof(Process).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Process)));
        Assert.Equal(kinds.Select(type => type.Name).Order(), ProcessDefinition.All.Select(kind => $"{kind.Name}Process").Order());
    }

    /// <summary>What the compiler takes for defaults must be what the attribute, and the constructor, show.</summary>
    [Fact]
    public void DefaultsAreThoseOfTheAttributesAndTheConstructors()
    {
        foreach (ProcessDefinition kind in ProcessDefinition.All)
        {
            Type attribute = typeof(OrnsteinUhlenbeckAttribute).Assembly.GetType(kind.Attribute, throwOnError: true)!;
            object own = Activator.CreateInstance(attribute)!;
            foreach (ProcessParameter parameter in kind.Parameters)
                Assert.Equal(attribute.GetProperty(parameter.Name)!.GetValue(own), parameter.Default);

            ConstructorInfo constructor = Assert.Single(typeof(Process).Assembly.GetType($"FlowDsl.Mathematics.{kind.Name}Process")!.GetConstructors());
            IEnumerable<ParameterInfo> parameters = constructor.GetParameters().SkipWhile(own => own.ParameterType == typeof(TrainingSchedule));
            Assert.Equal(kind.HasSchedule, constructor.GetParameters().Length > parameters.Count());
            Assert.Equal(
                kind.Parameters.Select(parameter => (parameter.Argument, (object?)parameter.Default)),
                parameters.Select(own => (own.Name!, own.DefaultValue)));
        }
    }

    /// <summary>The compiler's rule and the constructor's are one.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ConstructorsRefuseWhatTheCompilerRefuses(double value)
    {
        foreach (ProcessDefinition kind in ProcessDefinition.All)
        {
            for (int i = 0; i < kind.Parameters.Count; i++)
            {
                double[] values = [.. kind.Parameters.Select(parameter => parameter.Default)];
                values[i] = value;
                ProcessProblem? problem = kind.Check(values).SingleOrDefault();
                // NaN is what leaves a value open where its default depends on others.
                bool isNone = double.IsNaN(value) && double.IsNaN(kind.Parameters[i].Default);
                Assert.Equal((value == 0 && kind.Parameters[i] == kind.EarlyStop) || isNone, problem is null);
                if (problem is null) continue;
                ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => kind.Create(values));
                Assert.Equal(problem.Parameter.Argument, error.ParamName);
                Assert.Equal(value, error.ActualValue);
                Assert.StartsWith($"{problem.Parameter.Name} must be {problem.Rule}.", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void EarlyStopMayBeZeroWhereEveryCovarianceIsPositiveDefinite()
        => GeneratorHarness.Run(Model("[OrnsteinUhlenbeck(EarlyStop = 0)]")).AssertClean();

    /// <summary>Step 0 is noisy, so no covariance is too small there.</summary>
    [Fact]
    public void TrainingStepsAreSingularNowhere()
        => GeneratorHarness.Run(Model("[VariancePreserving]\n[Sampler(\"Fast\", Steps = 3, Grid = Grid.UniformLogSnr)]", "1, 0, Variance = 0")).AssertClean();
}
