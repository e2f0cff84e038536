using System.Text.Json;
using FlowDsl.Mathematics;

namespace FlowDsl.Tests;

/// <summary>Solvers and grids against independent end points, and their orders of convergence.</summary>
public class SolverTests
{
    public static TheoryData<string, string, string> EndPoints
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (JsonElement run in Runs())
            {
                string solver = run.GetProperty("solver").GetString()!;
                if (!solver.EndsWith("as published", StringComparison.Ordinal))
                    data.Add(run.GetProperty("mixture").GetString()!, solver, run.GetProperty("sigma_bar2").ToString());
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(EndPoints))]
    public void EndPointsAgreeWithAnIndependentImplementation(string mixture, string name, string variance)
    {
        var reference = ReferenceCase.Load(mixture);
        JsonElement run = Runs().Single(r => r.GetProperty("mixture").GetString() == mixture && r.GetProperty("solver").GetString() == name);
        (Solver solver, ChartFrame frame) = Parse(name, double.Parse(variance));
        double[] times = reference.Model.CreateTimes(Grid.Angle, 4);
        var program = FlowProgram.Create(reference.Model.Process, frame, solver, times);
        double[][] starts = run.GetProperty("x").EnumerateArray().Select(ReferenceCase.Numbers).ToArray();
        double[][] ends = run.GetProperty("end").EnumerateArray().Select(ReferenceCase.Numbers).ToArray();
        for (int i = 0; i < starts.Length; i++)
        {
            double[] x = starts[i];
            reference.Model.Integrate(program, x);
            Compare.Close(ends[i], x, 1e-12, 1, name);
        }
    }

    private static IEnumerable<JsonElement> Runs() => ReferenceCase.Read("solvers").GetProperty("runs").EnumerateArray();

    private static (Solver Solver, ChartFrame Frame) Parse(string name, double variance)
    {
        ChartFrame canonical = ChartFrame.Canonical(variance);
        return name switch
        {
            "ddim" => (Solver.Ddim, ChartFrame.Canonical(0)),
            "dpmpp2M" => (Solver.DpmSolverPlusPlus2M, ChartFrame.Canonical(0)),
            "dpmpp2M/canonical" => (Solver.DpmSolverPlusPlus2M, canonical),
            "dpmpp3M corrected" => (Solver.DpmSolverPlusPlus3M, ChartFrame.Canonical(0)),
            _ => (Named(name.Split('/')[0]), name.Split('/')[1] switch { "x" => ChartFrame.State, "edm" => ChartFrame.Edm, _ => canonical }),
        };

        static Solver Named(string name) => name switch
        {
            "euler" => Solver.Euler,
            "heun" => Solver.Heun,
            "mid" => Solver.Midpoint,
            "rk4" => Solver.RungeKutta4,
            "bs3" => Solver.BogackiShampine32,
            "dp5" => Solver.DormandPrince54,
            _ => throw new ArgumentException(name),
        };
    }
}
