using System.Text;
using TriOps.Cli.CommandLine;

if (!Console.IsOutputRedirected) Console.OutputEncoding = Encoding.UTF8;
return await Triops.RunAsync(args, Shell.OfProcess());
