namespace TriOps.Training.Tables.Linear;

/// <summary>Minimises a smooth convex function plus an L1 penalty: limited-memory BFGS, kept within an orthant when there is a
/// penalty.</summary>
/// <remarks>Andrew and Gao, "Scalable training of L1-regularized log-linear models", ICML 2007; with no penalty it is L-BFGS (Nocedal 1980)
/// with a backtracking line search.</remarks>
/// <param name="smooth">Writes the gradient at a point into its second argument and returns the value there.</param>
/// <param name="penalty">Per parameter: weight of its absolute value, ≥0.</param>
public sealed class OwlQn(Func<double[], double[], double> smooth, double[] penalty)
{
    private const int Memory = 10;
    private const double Decrease = 1e-4;
    private const int MaxHalvings = 40;
    private readonly List<(double[] Step, double[] Change, double Inverse)> pairs = [];
    private double[] gradient = [];
    private double value = double.NaN;

    /// <summary>The point reached.</summary>
    public double[] Point { get; private set; } = [];

    /// <summary>The penalised function there.</summary>
    public double Value => value;

    /// <summary>Sets the starting point.</summary>
    public void Start(double[] point)
    {
        (Point, gradient) = (point, new double[point.Length]);
        pairs.Clear();
        value = smooth(Point, gradient) + Penalty(Point);
    }

    /// <summary>One iteration.</summary>
    /// <param name="tolerance">Converged when no component of the (pseudo-)gradient exceeds this, or the value falls by less than a
    /// hundred-millionth of itself.</param>
    /// <returns>False: converged, nothing changed, or nothing more to gain.</returns>
    public bool Advance(double tolerance)
    {
        var pseudo = PseudoGradient();
        if (pseudo.Max(Math.Abs) <= tolerance) return false;
        var direction = Direction(pseudo);
        for (var i = 0; i < direction.Length; i++)
            if (penalty[i] > 0 && direction[i] * pseudo[i] >= 0) direction[i] = 0;
        var slope = Dot(direction, pseudo);
        if (slope >= 0) return false;
        var length = pairs.Count == 0 ? 1 / Math.Max(1, Math.Sqrt(Dot(pseudo, pseudo))) : 1;
        for (var halving = 0; halving < MaxHalvings; halving++, length /= 2)
        {
            var (next, nextGradient) = (Move(pseudo, direction, length), new double[Point.Length]);
            var nextValue = smooth(next, nextGradient) + Penalty(next);
            if (!(nextValue <= value + Decrease * length * slope)) continue;
            Remember(next, nextGradient);
            var gained = value - nextValue;
            (Point, gradient, value) = (next, nextGradient, nextValue);
            return gained > 1e-8 * Math.Max(1e-3, Math.Abs(value));
        }
        return false;
    }

    private double[] PseudoGradient()
    {
        var result = (double[])gradient.Clone();
        for (var i = 0; i < result.Length; i++)
        {
            if (penalty[i] == 0) continue;
            if (Point[i] != 0) result[i] += penalty[i] * Math.Sign(Point[i]);
            else result[i] = Math.Sign(result[i]) * Math.Max(0, Math.Abs(result[i]) - penalty[i]);
        }
        return result;
    }

    private double[] Direction(double[] pseudo)
    {
        var q = Array.ConvertAll(pseudo, v => -v);
        var weights = new double[pairs.Count];
        for (var i = pairs.Count - 1; i >= 0; i--) AddScaled(q, pairs[i].Change, -(weights[i] = pairs[i].Inverse * Dot(pairs[i].Step, q)));
        if (pairs.Count > 0)
        {
            var (_, change, inverse) = pairs[^1];
            var scale = 1 / (inverse * Dot(change, change));
            for (var i = 0; i < q.Length; i++) q[i] *= scale;
        }
        for (var i = 0; i < pairs.Count; i++) AddScaled(q, pairs[i].Step, weights[i] - pairs[i].Inverse * Dot(pairs[i].Change, q));
        return q;
    }

    private double[] Move(double[] pseudo, double[] direction, double length)
    {
        var next = new double[Point.Length];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = Point[i] + length * direction[i];
            var orthant = Point[i] != 0 ? Math.Sign(Point[i]) : -Math.Sign(pseudo[i]);
            if (penalty[i] > 0 && next[i] * orthant < 0) next[i] = 0;
        }
        return next;
    }

    private void Remember(double[] next, double[] nextGradient)
    {
        var (step, change) = (new double[next.Length], new double[next.Length]);
        for (var i = 0; i < next.Length; i++) (step[i], change[i]) = (next[i] - Point[i], nextGradient[i] - gradient[i]);
        var curvature = Dot(step, change);
        if (curvature <= 1e-12 * Dot(change, change)) return;
        if (pairs.Count == Memory) pairs.RemoveAt(0);
        pairs.Add((step, change, 1 / curvature));
    }

    private double Penalty(double[] point)
    {
        double sum = 0;
        for (var i = 0; i < point.Length; i++) sum += penalty[i] * Math.Abs(point[i]);
        return sum;
    }

    private static double Dot(double[] a, double[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<double>(a, b);

    private static void AddScaled(double[] target, double[] source, double factor) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd<double>(source, factor, target, target);
}
