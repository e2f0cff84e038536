namespace FlowDsl.Benchmarks;

/// <summary>A solver as a type.</summary>
internal interface ITrackedSolver
{
    static abstract Solver Solver { get; }
}

/// <summary>A number of steps as a type.</summary>
internal interface IStepCount
{
    static abstract int Steps { get; }
}

/// <summary>A mode of tracking as a type.</summary>
internal interface ITrackingMode
{
    static abstract Tracking Tracking { get; }
}

internal sealed class ByEuler : ITrackedSolver { public static Solver Solver => Solver.Euler; }

internal sealed class ByDdim : ITrackedSolver { public static Solver Solver => Solver.Ddim; }

internal sealed class ByHeun : ITrackedSolver { public static Solver Solver => Solver.Heun; }

internal sealed class ByRungeKutta4 : ITrackedSolver { public static Solver Solver => Solver.RungeKutta4; }

internal sealed class ByMultistep2 : ITrackedSolver { public static Solver Solver => Solver.DpmSolverPlusPlus2M; }

internal sealed class In4 : IStepCount { public static int Steps => 4; }

internal sealed class In8 : IStepCount { public static int Steps => 8; }

internal sealed class In16 : IStepCount { public static int Steps => 16; }

internal sealed class WithCompanion : ITrackingMode { public static Tracking Tracking => Tracking.Companion; }

internal sealed class WithCertificate : ITrackingMode { public static Tracking Tracking => Tracking.Certified; }
