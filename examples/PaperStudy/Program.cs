using FlowDsl.Examples.Protocols;
using FlowDsl.Examples.Results;
using FlowDsl.Hosting;

if (args is ["tables", .. var options]) return TablesCommand.Run(options);

// A study's name alone runs it.
bool isStudy = args is [{ } first, ..] && Studies.All.Any(study => study.Name == first);
return FlowHost.Run(isStudy ? ["study", .. args] : args, Studies.All, "study");
