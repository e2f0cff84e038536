using System.Globalization;
using FlowDsl.Hosting.Output;
using Microsoft.Win32.SafeHandles;

namespace FlowDsl.Hosting.Files;

/// <summary>
/// A file that is there whole or not at all: it is written under a temporary name beside its own, flushed to the disk, and then renamed. Disposed
/// without <see cref="Commit"/>, it leaves nothing. A process that is killed leaves the temporary file, which no living process holds open.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>How temporary names end.</summary>
    public const string TemporaryEnding = ".partial";

    private readonly string _path, _folder, _temporary;
    private readonly bool _replaces;
    private FileStream? _file;
    private HashedStream? _hashed;
    private Task _flushing = Task.CompletedTask;
    private bool _isCommitted;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="replaces">Whether it may take the place of another.</param>
    /// <param name="isHashed">Whether its <see cref="Checksum"/> is computed.</param>
    /// <exception cref="HostException">There is a file already, or the folder cannot be written.</exception>
    public OutputFile(string path, bool replaces, bool isHashed = false)
    {
        (_path, _replaces) = (path, replaces);
        // Processes on several machines, or in several containers, may have the same number.
        _temporary = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}-{Random.Shared.Next():x8}{TemporaryEnding}");
        if (Directory.Exists(path)) throw new HostException($"'{path}' is a folder; the output must be a file.");
        if (File.Exists(path) && !replaces) throw Exists();
        _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(_folder)) throw new HostException($"There is no folder '{_folder}' for '{Path.GetFileName(path)}'.");
        Guard(() =>
        {
            // Shared with nobody: the lock shows to others that the file is being written.
            _file = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            if (isHashed) _hashed = new HashedStream(_file);
        });
    }

    /// <summary>Where the content goes.</summary>
    public Stream Stream => _hashed ?? (Stream?)_file ?? Stream.Null;

    /// <summary>The file's length; known after <see cref="Commit"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>The SHA-256 of its content in hexadecimal, if it was asked for; known after <see cref="Commit"/>.</summary>
    public string? Checksum { get; private set; }

    /// <summary>Removes a temporary file that a killed process left. What a living process writes is locked, and stays.</summary>
    public static void RemoveDead(string path)
    {
        try
        {
            // The lock is held until the file is gone.
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Delete);
            File.Delete(path);
        }
        // It is of a living process, or gone by now.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Begins to bring to the disk what was written, and waits for the last time that this was begun. Writing goes on meanwhile.</summary>
    /// <exception cref="IOException">The last time failed.</exception>
    public void BeginFlush()
    {
        _flushing.GetAwaiter().GetResult();
        if (_file is null) return;
        SafeFileHandle handle = _file.SafeFileHandle;
        _flushing = Task.Run(() => RandomAccess.FlushToDisk(handle));
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="HostException">The disk is full, or another file has appeared there.</exception>
    public void Commit()
    {
        Guard(() =>
        {
            _flushing.GetAwaiter().GetResult();
            _file?.Flush(flushToDisk: true);
            (Bytes, Checksum) = (Stream.Length, _hashed?.Checksum);
            // Windows renames no open file. Elsewhere the lock lasts until the file has its name, so that nobody takes it for a dead process's.
            if (OperatingSystem.IsWindows()) Stream.Dispose();
            if (_replaces) File.Move(_temporary, _path, overwrite: true);
            else if (!Disk.TryRename(_temporary, _path)) throw Exists();
            _isCommitted = true;
            Stream.Dispose();
            Disk.FlushFolder(_folder);
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
            ((IAsyncResult)_flushing).AsyncWaitHandle.WaitOne();
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
