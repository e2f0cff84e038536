using System.Buffers;
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace FlowDsl.Data;

/// <summary>The rows of one of NumPy's .npy files, which stay in the file: it is mapped into memory.</summary>
internal sealed class NpyRows : DataRows, IDisposable
{
    private readonly NpyHeader _header;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private NpyRows(NpyHeader header, string hash, MemoryMappedFile file)
    {
        (_header, Hash, _file) = (header, hash, file);
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <inheritdoc/>
    public override int Count => _header.Count;

    /// <inheritdoc/>
    public override int Dimension => _header.Dimension;

    /// <inheritdoc/>
    public override string Hash { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isTable">Whether the array may have two axes at most; else axes beyond the second are part of the row.</param>
    /// <exception cref="FormatException">It is no such file, or the array has another type or shape.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DataRows Open(string path, bool isTable = false)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            NpyHeader header = NpyHeader.Read(file, path);
            if (isTable && header.Axes > 2) throw new FormatException($"{path} has the shape ({header.Shape}); it must be (n, d) or (n,).");
            file.Position = 0;
            string hash = Convert.ToHexStringLower(SHA256.HashData(file));
            var mapped = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            var rows = new NpyRows(header, hash, mapped);
            // Rows that lie scattered over the file are gathered once.
            return header.IsFortran ? rows.Transposed() : rows;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Read(int first, Span<double> rows) => ReadValues((long)first * Dimension, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void ReadValues(long first, Span<double> values)
    {
        int size = _header.ValueBytes, length = values.Length * size;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        _view.ReadArray(_header.Start + first * size, bytes, 0, length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _header.Kind switch
            {
                NpyKind.Byte => bytes[i],
                NpyKind.Single => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float))),
                _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * sizeof(double))),
            };
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private HashedRows Transposed()
    {
        double[] column = new double[Count], values = new double[checked(Count * Dimension)];
        for (int j = 0; j < Dimension; j++)
        {
            ReadValues((long)j * Count, column);
            for (int i = 0; i < column.Length; i++) values[i * Dimension + j] = column[i];
        }
        Dispose();
        return new HashedRows(new MemoryRows(values, Dimension), Hash);
    }

    /// <summary>Rows in memory that come from a file.</summary>
    private sealed class HashedRows(MemoryRows rows, string hash) : DataRows
    {
        public override int Count => rows.Count;

        public override int Dimension => rows.Dimension;

        public override string Hash => hash;

        public override void Read(int first, Span<double> values) => rows.Read(first, values);
    }
}
