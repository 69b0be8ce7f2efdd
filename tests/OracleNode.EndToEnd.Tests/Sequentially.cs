using Xunit.Sdk;
using Xunit.v3;

// One whole system at a time: several on one small machine would only measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
