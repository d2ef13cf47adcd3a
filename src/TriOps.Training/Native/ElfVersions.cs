using System.Buffers.Binary;
using System.Text;

namespace TriOps.Training.Native;

/// <summary>The symbol versions that a 64-bit little-endian ELF file needs (section .gnu.version_r).</summary>
/// <remarks>ELF-64 object file format; Linux Standard Base core 5.0, "Symbol versioning".</remarks>
public static class ElfVersions
{
    private const uint VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Marks a needed version weak (VER_FLG_WEAK), so that the loader does not refuse the file where no library has that
    /// version.</summary>
    /// <param name="file">Changed in place.</param>
    /// <param name="version">As "GLIBCXX_3.4.32".</param>
    /// <returns>False: the file does not need that version.</returns>
    /// <exception cref="InvalidDataException">Not such a file, or a damaged one.</exception>
    public static bool MarkWeak(Span<byte> file, string version)
    {
        if (file.Length < 64 || !file[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        try
        {
            var (sections, size, count) = (checked((int)Read64(file, 40)), Read16(file, 58), Read16(file, 60));
            for (var i = 0; i < count; i++)
            {
                var section = file.Slice(sections + i * size, size);
                if (Read32(section, 4) != VersionNeeds) continue;
                var names = file.Slice(sections + (int)Read32(section, 40) * size, size); // sh_link: its string table
                return Mark(file[(int)Read64(section, 24)..], (int)Read32(section, 44), file[(int)Read64(names, 24)..], version);
            }
            return false;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF file's section table is damaged.", e);
        }
    }

    private static bool Mark(Span<byte> needs, int libraries, ReadOnlySpan<byte> names, string version)
    {
        var found = false;
        for (var (library, at) = (0, 0); library < libraries; library++, at += (int)Read32(needs, at + 12))      // vn_next
            // vna_next
            for (var (entry, aux) = (0, at + (int)Read32(needs, at + 8)); entry < Read16(needs, at + 2);
            entry++, aux += (int)Read32(needs, aux + 12))
            {
                var name = names[(int)Read32(needs, aux + 8)..];
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) != version) continue;
                BinaryPrimitives.WriteUInt16LittleEndian(needs[(aux + 4)..], (ushort)(Read16(needs, aux + 4) | Weak)); // vna_flags
                found = true;
            }
        return found;
    }

    private static ushort Read16(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file[at..]);
    private static uint Read32(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file[at..]);
    private static ulong Read64(ReadOnlySpan<byte> file, int at) => BinaryPrimitives.ReadUInt64LittleEndian(file[at..]);
}
