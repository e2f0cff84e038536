using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Files;

/// <summary>A picture's file, whose name says the format; it is there whole or not at all.</summary>
internal sealed class PictureFile : IDisposable
{
    private readonly OutputFile _file;
    private readonly bool _isVector;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name, which ends in .png or .svg.</param>
    /// <param name="replaces">Whether it may take the place of another.</param>
    /// <exception cref="HostException">There is a file already, or the folder cannot be written.</exception>
    public PictureFile(string path, bool replaces)
    {
        CheckName(path);
        (_file, _isVector) = (new OutputFile(path, replaces), IsVector(path));
    }

    /// <summary>Refuses a name whose ending is no format.</summary>
    /// <exception cref="HostException">It has another ending.</exception>
    public static void CheckName(string path)
    {
        if (!IsVector(path) && !path.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw HostException.Usage($"'{path}' must end in .png or .svg, which says the format.");
    }

    /// <summary>Draws the picture and puts it in its place.</summary>
    /// <param name="draw">Makes the bytes, of SVG if the argument is true and of PNG otherwise.</param>
    /// <exception cref="HostException">The disk is full, or another file has appeared there.</exception>
    public void Write(Func<bool, byte[]> draw)
    {
        byte[] bytes = draw(_isVector);
        _file.Guard(() => _file.Stream.Write(bytes));
        _file.Commit();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static bool IsVector(string path) => path.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
}
