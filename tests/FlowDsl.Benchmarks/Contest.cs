using FlowDsl.Generators.Planning.Samplers;
using FlowDsl.Mathematics;

namespace FlowDsl.Benchmarks;

/// <summary>One workload, its generated sampler and the peers, all from the same starts.</summary>
internal sealed class Contest : IDisposable
{
    private const string NoCompiler = "There is no C++ compiler, or no AVX2 with FMA.";
    private const int MaxChecked = 1024;

    // The work of the scalar reference on one sample grows with both: large mixtures are checked on fewer.
    private const int CheckedWork = 1024 * 64 * 64, MinChecked = 256;

    private readonly Contestant<double> _model;
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
        double[] wideStarts = Array.ConvertAll(starts, value => (double)value);
        _checked = Math.Min(count, Math.Clamp(CheckedWork / work, MinChecked, MaxChecked));
        FlowProgram plain = model.CreateProgram(workload.Sampler.Solver, workload.Sampler.Times, workload.Sampler.Chart);
        var program = new RunTimeProgram(model.Mixture, plain);

        Generated = new Contestant<float>("generated", d, starts, workload.Integrate) { Grain = 64 };
        if (workload.IntegrateDouble is { } wide) GeneratedDouble = new Contestant<double>("generated, double", d, wideStarts, wide) { Grain = 64 };
        Tensors = Fastest("TensorPrimitives", TensorSampler.Variants(program, count));
        Scalar = new Contestant<float>("scalar", d, starts, new ScalarSampler(program).Integrate);
        _model = new Contestant<double>("run-time model", d, wideStarts, states => model.Integrate(plain, states));
        if (!native) return;

        Plan = GeneratorPlan.Of(workload.Sampler);
        Cpp = Native("C++", () => Fastest("C++", !CppCompiler.IsAvailable ? throw new NotSupportedException(NoCompiler)
            : !GemmPeer.IsFor(program) ? CppPeer.Direct(program)
            : GemmPeer.IsAvailable ? GemmPeer.Variants(program, count) : throw new NotSupportedException("There is no OpenBLAS.")));
        CppExpanded = Native("expanded C++", () => Fastest("expanded C++", !CppCompiler.IsAvailable ? throw new NotSupportedException(NoCompiler)
            : CppPeer.Expanded(CppPeer.ExpandedLibraries(model.Mixture), model.Mixture, plain)));
        SameGraph = Native("same graph by Clang", () => Fastest("same graph by Clang",
            !CppCompiler.IsClang ? throw new NotSupportedException("There is no Clang, or no AVX2 with FMA.")
            : Plan.Kernel is { } kernel ? GraphPeer.Variants(kernel, d) : throw new NotSupportedException("The sampler is no straight-line code.")));
        NumPy = Native("NumPy", () => PythonContestant.Start("NumPy", "numpy", model.Mixture, plain, starts));
        PyTorch = Native("PyTorch", () => PythonContestant.Start("PyTorch", "torch", model.Mixture, plain, starts));

        Contestant Fastest(string name, IReadOnlyList<Variant> variants)
        {
            Variant fastest = Variant.Fastest(variants, starts);
            return new Contestant<float>(name, d, starts, fastest.Integrate) { Variant = fastest.Name, Grain = fastest.Grain };
        }

        Contestant? Native(string name, Func<Contestant> make)
        {
            try
            {
                return make();
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

    /// <summary>C++ written by hand for any coefficients, straight from the formulas; by OpenBLAS in many dimensions.</summary>
    public Contestant? Cpp { get; }

    /// <summary>The same with expanded logits and loops tiled for the registers, without OpenBLAS.</summary>
    public Contestant? CppExpanded { get; }

    /// <summary>The generated sampler's operations, compiled by Clang.</summary>
    public Contestant? SameGraph { get; }

    /// <summary>Matrix products and a softmax by NumPy.</summary>
    public Contestant? NumPy { get; }

    /// <summary>The same by PyTorch.</summary>
    public Contestant? PyTorch { get; }

    public Contestant Tensors { get; }

    /// <summary>Plain loops in single precision.</summary>
    public Contestant Scalar { get; }

    /// <summary>The library's own run-time form, in double precision: the reference.</summary>
    public Contestant Model => _model;

    /// <summary>All of them, the generated sampler first.</summary>
    public IEnumerable<Contestant> All
        => new[] { Generated, Cpp, CppExpanded, SameGraph, NumPy, PyTorch, Tensors, Scalar, Model, GeneratedDouble }.OfType<Contestant>();

    /// <summary>Compares all with the reference.</summary>
    /// <returns>The r.m.s. errors of the others.</returns>
    /// <exception cref="InvalidOperationException">One is wrong.</exception>
    public IReadOnlyDictionary<Contestant, double> Check()
    {
        _model.Restore(_checked);
        _model.Run(_checked);
        ReadOnlySpan<double> exact = _model.States[..(_checked * Workload.Sampler.Dimension)];
        var errors = new Dictionary<Contestant, double>();
        foreach (Contestant contestant in All.Where(contestant => contestant != _model))
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

    public void Dispose()
    {
        foreach (IDisposable peer in All.OfType<IDisposable>()) peer.Dispose();
    }
}
