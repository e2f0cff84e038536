using FlowDsl.Examples.Protocols;
using FlowDsl.Examples.Results;
using FlowDsl.Hosting;

Study[] studies =
[
    new ScoreStudy("static-sigma", "experiment 1A: networks of width 512 for the score at five times, for three deviations of the modes"),
    new ScoreStudy("static-width", "experiment 1B: the same for modes of deviation 0.1, of five widths"),
    new OneStepStudy(isConverged: false),
    new OneStepStudy(isConverged: true),
    new GridStudy(),
    OwnStudy.Compose,
    OwnStudy.Corrected,
];

if (args is ["tables", .. var options]) return TablesCommand.Run(options);

// A study's name alone runs it.
bool isStudy = args is [{ } first, ..] && studies.Any(study => study.Name == first);
return FlowHost.Run(isStudy ? ["study", .. args] : args, studies, "study");
