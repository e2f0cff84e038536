using FlowDsl.Examples;
using FlowDsl.Examples.Protocols;
using FlowDsl.Examples.Results;
using FlowDsl.Hosting;

switch (args)
{
    case ["tables", .. var options]: return TablesCommand.Run(options);
    case ["theorem", .. var options]: return FigureCommands.Theorem(options);
    case ["mismatch", .. var options]: return FigureCommands.Mismatch(options);
}

// A study's name alone runs it.
bool isStudy = args is [{ } first, ..] && Studies.All.Any(study => study.Name == first);
return FlowHost.Run(isStudy ? ["study", .. args] : args, Studies.All, "study");
