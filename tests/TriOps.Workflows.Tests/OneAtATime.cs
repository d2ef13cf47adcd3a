// Ends of workflows are counted by a meter that all tests of the process share.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
