using FlowDsl.Hosting;

// Without arguments: all samplers of OldFaithful.cs against the exact flow.
return FlowHost.Run(args, "compare", "OldFaithful", "-n", "20000");
