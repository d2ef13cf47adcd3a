using TriOps.Core.Families;

namespace TriOps.Core.Models;

/// <summary>How many values a row a model gives. The one place where they are counted: trainers, exporters, serving and monitoring ask here.</summary>
public static class ModelOutputs
{
    extension(ModelSignature signature)
    {
        /// <summary>Outputs a row: one probability a class, or the one prediction.</summary>
        public int Outputs => signature.Task == TaskKind.Regression ? 1 : signature.Classes.Count;

        /// <summary>Raw scores a row, before the link: one, or one a class of a multiclass task.</summary>
        public int Scores => signature.Task == TaskKind.Multiclass ? signature.Classes.Count : 1;
    }
}
