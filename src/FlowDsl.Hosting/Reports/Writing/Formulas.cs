using System.Globalization;
using FlowDsl.Hosting.Reports.Drawing;
using FlowDsl.Mathematics;

namespace FlowDsl.Hosting.Reports.Writing;

/// <summary>The model in formulas, as MathML.</summary>
internal static class Formulas
{
    /// <summary>p₀ = Σ w_k N(μ_k, Σ_k).</summary>
    public static string Mixture(Mixture mixture) => mixture.Count == 1
        ? Block(Law("0") + Is + Normal(Name("x"), Name("μ"), Bold("Σ")))
        : Block(Law("0") + Is + Sum(mixture.Count) + Sub(Name("w"), Name("k")) + Thin
            + Normal(Name("x"), Sub(Name("μ"), Name("k")), Sub(Bold("Σ"), Name("k"))));

    /// <summary>x_t = a x_0 + s ε.</summary>
    public static string States => Block(
        Sub(Name("x"), Name("t")) + Is + Name("a") + Brackets(Name("t")) + Thin + Sub(Name("x"), Digit("0")) + Sign("+")
        + Name("s") + Brackets(Name("t")) + Thin + Name("ε") + Sign(",") + Wide
            + Name("ε") + Sign("∼") + Script("N") + Brackets(Digit("0") + Sign(",") + Bold("I")));

    /// <summary>a and s of the process, with its numbers.</summary>
    public static string Coefficients(Process process) => Block(process.Match(
        ou => Name("a") + Is + Exponential(1, ou.Beta) + Sign(",") + Wide + Power(Name("s"), "2") + Is
            + (ou.Sigma == 1 ? "" : Power(Number(ou.Sigma), "2"))
            + (ou.Sigma == 1 ? "" : Sign("(")) + Digit("1") + Sign("−") + Exponential(2, ou.Beta) + (ou.Sigma == 1 ? "" : Sign(")")),
        static _ => Name("a") + Is + Digit("1") + Sign(",") + Wide + Name("s") + Is + Name("t"),
        static _ => Name("a") + Is + Digit("1") + Sign("−") + Name("t") + Sign(",") + Wide + Name("s") + Is + Name("t"),
        static _ => Name("a") + Is + Fraction(Digit("1"), Root(Digit("1") + Sign("+") + Power(Name("r"), "2"))) + Sign(",") + Wide
            + Name("s") + Is + Name("r") + Thin + Name("a") + Sign(",") + Wide
            + Name("r") + Brackets(Name("i")) + Is + Root(Fraction(Digit("1") + Sign("−") + Sub(Mean, Name("i")), Sub(Mean, Name("i"))))));

    /// <summary>p_t.</summary>
    public static string LawAtTime(Mixture mixture)
    {
        bool isOne = mixture.Count == 1;
        string mean = isOne ? Name("μ") : Sub(Name("μ"), Name("k")), covariance = isOne ? Bold("Σ") : Sub(Bold("Σ"), Name("k"));
        return Block(
            Law("t") + Is + (isOne ? "" : Sum(mixture.Count) + Sub(Name("w"), Name("k")) + Thin)
            + Normal(Name("x"), Name("a") + Thin + mean, Power(Name("a"), "2") + covariance + Sign("+") + Power(Name("s"), "2") + Bold("I")));
    }

    /// <summary>The velocity of the probability-flow ODE: (a'/a) x - (ss' - a's²/a) ∇log p_t, with the process's own coefficients.</summary>
    public static string Velocity(Process process)
    {
        string right = process.Match(
            ou => Minus + Factor(ou.Beta) + (ou.Sigma == 1
                ? Brackets(Name("x") + Sign("+") + Score)
                : Brackets(Name("x") + Sign("+") + Power(Number(ou.Sigma), "2") + Thin + Score)),
            static _ => Minus + Name("t") + Thin + Score,
            static _ => Minus + Fraction(Name("x") + Sign("+") + Name("t") + Thin + Score, Digit("1") + Sign("−") + Name("t")),
            static _ => Minus + Power(Name("s"), "2") + Fraction(Prime(Name("r")), Name("r")) + Brackets(Name("x") + Sign("+") + Score));
        return Block(Fraction(Word("d") + Name("x"), Word("d") + Name("t")) + Is + Name("v") + Brackets(Name("x") + Sign(",") + Name("t")) + Is + right);
    }

    private static string Score => Sign("∇") + Thin + Word("log") + Thin + Sub(Name("p"), Name("t")) + Brackets(Name("x"));

    // α̅.
    private const string Mean = "<mover><mi>α</mi><mo>¯</mo></mover>";

    private const string Minus = "<mo form=\"prefix\">−</mo>";

    private const string Is = "<mo>=</mo>", Thin = "<mspace width=\"0.12em\"/>", Wide = "<mspace width=\"1.2em\"/>";

    private static string Block(string content) => $"<math display=\"block\"><mrow>{content}</mrow></math>";

    private static string Law(string time) => Sub(Name("p"), time == "0" ? Digit("0") : Name(time)) + Brackets(Name("x"));

    private static string Normal(string x, string mean, string covariance)
        => Script("N") + "<mo>(</mo>" + x + "<mo>;</mo>" + mean + "<mo>,</mo>" + covariance + "<mo>)</mo>";

    private static string Sum(int count)
        => $"<munderover><mo>∑</mo><mrow><mi>k</mi><mo>=</mo><mn>1</mn></mrow><mn>{count.ToString(CultureInfo.InvariantCulture)}</mn></munderover>";

    private static string Exponential(double factor, double beta)
        => $"<msup><mi mathvariant=\"normal\">e</mi><mrow><mo>−</mo>{Factor(factor * beta)}<mi>t</mi></mrow></msup>";

    /// <summary>A factor, which is not written if it is 1.</summary>
    private static string Factor(double value) => value == 1 ? "" : Number(value);

    private static string Number(double value) => $"<mn>{Markup.Text(Notation.Of(value, 6))}</mn>";

    private static string Name(string name) => $"<mi>{name}</mi>";

    private static string Bold(string name) => $"<mi mathvariant=\"normal\">{name}</mi>";

    // A letter of its own in Unicode: the script N of normal laws.
    private static string Script(string name) => name == "N" ? "<mi>𝒩</mi>" : Name(name);

    private static string Word(string word) => $"<mi mathvariant=\"normal\">{word}</mi>";

    private static string Digit(string digit) => $"<mn>{digit}</mn>";

    private static string Sign(string sign) => $"<mo>{sign}</mo>";

    private static string Brackets(string content) => $"<mo>(</mo>{content}<mo>)</mo>";

    private static string Sub(string name, string index) => $"<msub>{name}{index}</msub>";

    private static string Power(string name, string exponent) => $"<msup>{name}<mn>{exponent}</mn></msup>";

    private static string Prime(string name) => $"<msup>{name}<mo>′</mo></msup>";

    private static string Root(string content) => $"<msqrt>{content}</msqrt>";

    private static string Fraction(string above, string below) => $"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>";
}
