namespace TriOps.Core.Families;

/// <summary>All that is said of a kind of model outside its trainer. The trainer is in TriOps.Training, which Core cannot name: it says
/// whose it is by <see cref="Name"/>, and takes the defaults from here.</summary>
/// <param name="Name">As it is stored and written in triops.yaml.</param>
/// <param name="Title">A word or two for a line of the terminal: "neural network".</param>
/// <param name="Description">For a model's card, to follow "a": "multi-layer perceptron".</param>
/// <param name="Tasks">What it can learn.</param>
/// <param name="Space">Its hyperparameters: their names, what is searched, and the one default of each.</param>
public sealed record Family(ModelFamily Name, string Title, string Description, IReadOnlyList<TaskKind> Tasks, SearchSpace Space);
