// Ends of workflows are counted by a meter that all tests of the process share.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
