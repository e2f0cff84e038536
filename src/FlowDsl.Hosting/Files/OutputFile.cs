using FlowDsl.Hosting.Output;

namespace FlowDsl.Hosting.Files;

/// <summary>
/// A file that is there whole or not at all: it is written under a temporary name beside its own, flushed to the disk, and then renamed. Disposed
/// without <see cref="Commit"/>, it leaves nothing.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path, _temporary;
    private readonly bool _replaces;
    private bool _isCommitted;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="replaces">Whether it may take the place of another.</param>
    /// <exception cref="HostException">There is a file already, or the folder cannot be written.</exception>
    public OutputFile(string path, bool replaces)
    {
        (_path, _replaces) = (path, replaces);
        _temporary = $"{path}.{Environment.ProcessId}.partial";
        if (Directory.Exists(path)) throw new HostException($"'{path}' is a folder; the output must be a file.");
        if (File.Exists(path) && !replaces) throw Exists();
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new HostException($"There is no folder '{folder}' for '{Path.GetFileName(path)}'.");
        Guard(() => Stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    /// <summary>Where the content goes.</summary>
    public Stream Stream { get; private set; } = Stream.Null;

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="HostException">The disk is full, or another file has appeared there.</exception>
    public void Commit()
    {
        Guard(() =>
        {
            if (Stream is FileStream file) file.Flush(flushToDisk: true);
            Stream.Dispose();
            File.Move(_temporary, _path, _replaces);
            _isCommitted = true;
        });
    }

    /// <summary>Does what may fail for reasons of the disk, and says which.</summary>
    /// <exception cref="HostException">It failed.</exception>
    public void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Explain(exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isCommitted) return;
        try
        {
            Stream.Dispose();
            File.Delete(_temporary);
        }
        // What failed before is what the user should read.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>What a failure means for this file.</summary>
    internal HostException Explain(Exception exception)
    {
        if (!_isCommitted && File.Exists(_path) && !_replaces) return Exists();
        return IsFull(exception.HResult)
            ? new HostException($"The disk is full: '{_path}' was not written, and nothing of it was kept.")
            : new HostException($"'{_path}' cannot be written: {exception.Message}");
    }

    /// <summary>Whether a failure is one of a full disk: ENOSPC and EDQUOT of Linux and macOS, and two codes of Windows.</summary>
    internal static bool IsFull(int code) => code is 28 or 122 or 69 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    private HostException Exists() => new($"'{_path}' exists already; --force replaces it.");
}
