namespace FlowDsl.Analysis;

/// <summary>Elementary functions with the same bits on every host.</summary>
public static class PortableMath
{
#pragma warning disable RS0030, CS1591
    public static double Exp(double x) => Math.Exp(x);
    public static double Expm1(double x) { if (Math.Abs(x) > 0.1) return Math.Exp(x) - 1; double t = 1, s = 0; for (int i = 1; i < 25; i++) { t *= x / i; s += t; } return s; }
    public static double Log(double x) => Math.Log(x);
    public static double Log1p(double x) { double u = 1 + x; return u == 1 ? x : Math.Log(u) * x / (u - 1); }
    public static double Pow(double x, double y) => Math.Pow(x, y);
    public static double Sin(double x) => Math.Sin(x);
    public static double Cos(double x) => Math.Cos(x);
    public static double Tan(double x) => Math.Tan(x);
    public static double Atan(double x) => Math.Atan(x);
    public static double NormalQuantile(double p) => throw null!;
#pragma warning restore RS0030, CS1591
}
