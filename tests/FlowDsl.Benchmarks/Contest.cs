using FlowDsl.Analysis;
using FlowDsl.Generators.Planning;

namespace FlowDsl.Benchmarks;

/// <summary>One workload, its generated sampler and the peers, all from the same starts.</summary>
internal sealed class Contest
{
    private const int MostChecked = 1024;

    // The work of the scalar reference on one sample grows with both: large mixtures are checked on fewer.
    private const int CheckedWork = 1024 * 64 * 64, LeastChecked = 256;

    private readonly FlowProgram _program;
    private readonly double[] _starts;
    private readonly int _checked;

    /// <summary>Makes the contestants.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="samples">Samples of a turn; the workload's own by default.</param>
    /// <param name="native">Whether to compile the native peers.</param>
    public Contest(Workload workload, int? samples = null, bool native = true)
    {
        Workload = workload;
        GaussianMixtureModel model = workload.Sampler.Model;
        int d = model.Dimension, count = samples ?? workload.Samples, work = d * model.ComponentCount;
        float[] starts = FlowSampling.DrawPrior<float>(model, count, seed: 1);
        _starts = Array.ConvertAll(starts, value => (double)value);
        _checked = Math.Min(count, Math.Clamp(CheckedWork / work, LeastChecked, MostChecked));
        _program = model.Program(workload.Sampler.Solver, workload.Sampler.Times, workload.Sampler.Chart);
        var program = new RunTimeProgram(model.Mixture, _program);

        Generated = Contestant("generated", null, 64, workload.Integrate);
        if (workload.IntegrateDouble is { } wide) GeneratedDouble = new Contestant<double>("generated, double", null, 64, d, _starts, wide);
        Tensors = Fastest("TensorPrimitives", TensorSampler.Variants(program, count));
        Scalar = Contestant("scalar", null, 1, new ScalarSampler(program).Integrate);
        Model = new Contestant<double>("generic model", null, 1, d, _starts, states => model.Integrate(_program, states));
        if (!native) return;

        Plan = GeneratorPlan.Of(workload.Sampler);
        Cpp = Native("hand-written C++", () => !CppCompiler.IsAvailable ? throw new NotSupportedException("There is no C++ compiler, or no AVX2 with FMA.")
            : !GemmPeer.IsFor(program) ? CppPeer.Variants(program)
            : GemmPeer.IsAvailable ? GemmPeer.Variants(program, count) : throw new NotSupportedException("There is no OpenBLAS."));
        SameGraph = Native("same graph by Clang", () => !CppCompiler.IsClang ? throw new NotSupportedException("There is no Clang, or no AVX2 with FMA.")
            : Plan.Kernel is { } kernel ? GraphPeer.Variants(kernel, d) : throw new NotSupportedException("The sampler is no straight-line code."));

        Contestant Contestant(string name, string? variant, int grain, Integration<float> integrate)
            => new Contestant<float>(name, variant, grain, d, starts, integrate);

        Contestant Fastest(string name, IReadOnlyList<Variant> variants)
        {
            Variant fastest = Variant.Fastest(variants, starts);
            return Contestant(name, fastest.Name, fastest.Grain, fastest.Integrate);
        }

        Contestant? Native(string name, Func<IReadOnlyList<Variant>> make)
        {
            try
            {
                return Fastest(name, make());
            }
            catch (NotSupportedException reason)
            {
                Console.Error.WriteLine($"{workload.Key}: no {name}: {reason.Message}");
                return null;
            }
        }
    }

    public Workload Workload { get; }

    /// <summary>What the generator decided; null where the native peers are left out.</summary>
    public SamplerPlan? Plan { get; }

    public Contestant Generated { get; }

    public Contestant? GeneratedDouble { get; }

    /// <summary>C++ written by hand for any coefficients.</summary>
    public Contestant? Cpp { get; }

    /// <summary>The generated sampler's operations, compiled by Clang.</summary>
    public Contestant? SameGraph { get; }

    public Contestant Tensors { get; }

    /// <summary>Plain loops in single precision.</summary>
    public Contestant Scalar { get; }

    /// <summary>The library's own run-time form, in double precision.</summary>
    public Contestant Model { get; }

    /// <summary>All of them, the generated sampler first.</summary>
    public IEnumerable<Contestant> All => new[] { Generated, Cpp, SameGraph, Tensors, Scalar, Model, GeneratedDouble }.OfType<Contestant>();

    /// <summary>Compares all with double precision.</summary>
    /// <returns>The r.m.s. errors.</returns>
    /// <exception cref="InvalidOperationException">One is wrong.</exception>
    public IReadOnlyDictionary<Contestant, double> Check()
    {
        double[] exact = _starts[..(_checked * Workload.Sampler.Dimension)];
        Workload.Sampler.Model.Integrate(_program, exact);
        var errors = new Dictionary<Contestant, double>();
        foreach (Contestant contestant in All)
        {
            contestant.Restore(_checked);
            contestant.Run(_checked);
            (double error, double size) = contestant.Compare(exact);
            // The flow amplifies rounding near the border of two modes, in all alike.
            if (!(error < 1e-3 * size)) throw new InvalidOperationException($"{Workload.Key}: {contestant.Name} is off by {error:E1}.");
            errors[contestant] = error;
        }
        return errors;
    }
}
