namespace FlowDsl.Generators.Model;

/// <summary>
/// Turns a defect into a diagnostic of its own. An exception that leaves a generator is CS8785, which takes the code of all
/// the user's models with it and says where nothing.
/// </summary>
internal static class InternalError
{
    public static Issue ToIssue(string typeName, Exception exception)
        => new(DiagnosticIds.InternalError, new Site(SitePart.Type), typeName, $"{exception.GetType().Name}: {FirstLine(exception.Message)}");

    // A message of several lines is cut short by most lists of errors.
    private static string FirstLine(string text) => text.Split('\r', '\n')[0];
}
