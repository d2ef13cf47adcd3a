namespace TriOps.Cli.Doctor;

/// <summary>How a check came out.</summary>
internal enum Health { Ok, Warning, Failed }

/// <summary>One thing doctor looked at.</summary>
/// <param name="Name">What.</param>
/// <param name="Health">How it is.</param>
/// <param name="Found">What was seen, with values.</param>
/// <param name="Todo">The next move; null when there is none.</param>
internal sealed record Finding(string Name, Health Health, string Found, string? Todo = null);
