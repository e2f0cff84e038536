using System.Runtime.InteropServices;
using System.Text;

namespace FlowDsl.Hosting.Files;

/// <summary>What files that survive a failure need of the system, and the class library does not offer.</summary>
internal static class Disk
{
    private const int AlreadyExists = 17;

    /// <summary>Flushes a folder, so that the names of the files in it are on the disk too. Where the system cannot, it does nothing.</summary>
    public static void FlushFolder(string folder)
    {
        // Windows keeps names with a journal of its own.
        if (OperatingSystem.IsWindows()) return;
        try
        {
            int handle = Open(Name(folder), 0);
            if (handle < 0) return;
            _ = Flush(handle);
            _ = Close(handle);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    /// <summary>Gives a file another name unless there is a file of that name, in one step: of several processes one succeeds.</summary>
    /// <returns>False if there is a file of that name.</returns>
    /// <exception cref="IOException">The file cannot be renamed.</exception>
    public static bool TryRename(string from, string to)
    {
        // File.Move asks first and renames then, except on Windows. A second name is given or refused at once.
        if (!OperatingSystem.IsWindows())
        {
            try
            {
                if (Link(Name(from), Name(to)) == 0)
                {
                    File.Delete(from);
                    return true;
                }
                if (Marshal.GetLastPInvokeError() == AlreadyExists) return false;
                // Some file systems have no second names: the usual way is then the best there is.
            }
            catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
            {
            }
        }
        try
        {
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(from) && File.Exists(to))
        {
            return false;
        }
    }

    private static byte[] Name(string path) => Encoding.UTF8.GetBytes(path + "\0");

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(byte[] from, byte[] to);

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int handle);
}
