namespace TriOps.Training.Loop;

/// <summary>The order of an epoch's items: another one in every epoch, the same for the same seed and epoch. Four bytes an item.</summary>
public sealed class ShuffledOrder(int items, int seed)
{
    private readonly int[] order = new int[items];
    private int ready = -1;

    /// <summary>Items' positions in the order of an epoch.</summary>
    /// <param name="epoch">From 0.</param>
    public ReadOnlySpan<int> Of(int epoch)
    {
        if (ready == epoch) return order;
        for (var i = 0; i < order.Length; i++) order[i] = i;
        new Random(SeedOf(seed, epoch)).Shuffle(order);
        ready = epoch;
        return order;
    }

    /// <summary>An epoch's own seed.</summary>
    /// <param name="seed">The fit's.</param>
    /// <param name="epoch">From 0.</param>
    public static int SeedOf(int seed, int epoch) => unchecked(seed * 1_000_003 + epoch + 1);
}
