using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Reflection;
using System.Runtime.CompilerServices;
using FlowDsl.Mathematics;
using FlowDsl.Onnx;
using FlowDsl.Training;

namespace FlowDsl.Tests;

/// <summary>What a user holds cannot change what others hold: copies in, read-only views out, and values that compare as values.</summary>
public class ImmutabilityTests
{
    // Attributes are written by the compiler, which takes arrays; nobody shares one.
    private static IEnumerable<Type> PublicTypes => new[] { typeof(Mixture), typeof(FlowSampling), typeof(StudentTraining), typeof(OnnxNetwork) }
        .SelectMany(type => type.Assembly.GetExportedTypes())
        .Where(type => !typeof(Attribute).IsAssignableFrom(type) && type.GetCustomAttribute<EditorBrowsableAttribute>()?.State != EditorBrowsableState.Never);

    [Fact]
    public void NoPublicPropertyHandsOutAnArray()
    {
        Type[] types = [.. PublicTypes];
        Assert.InRange(types.Length, 40, 400);
        string[] open =
        [
            .. from type in types
               from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
               where property.PropertyType.IsArray || IsWritableCollection(property.PropertyType)
               select $"{type.Name}.{property.Name}",
            .. from type in types
               from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
               where field.FieldType.IsArray
               select $"{type.Name}.{field.Name}",
        ];
        Assert.Empty(open);
    }

    [Fact]
    public void NoPublicRecordComparesItsNumbersByReference()
    {
        Type[] records = [.. PublicTypes.Where(type => type.GetProperty("EqualityContract", BindingFlags.NonPublic | BindingFlags.Instance) is not null)];
        Assert.InRange(records.Length, 10, 100);
        string[] byReference =
        [
            .. from type in records
               where type.GetProperties().Any(
                   property => property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType))
               where type.GetMethod("Equals", [type])!.GetCustomAttribute<CompilerGeneratedAttribute>() is not null
               select type.Name,
        ];
        Assert.Empty(byReference);
    }

    [Fact]
    public void AMixtureKeepsCopiesOfWhatItWasGiven()
    {
        double[] weights = [0.5, 0.5], variances = [1, 2], matrix = [2, 1, 1, 2];
        double[][] means = [[0, 0], [1, 1]];
        Covariance[] covariances = [Covariance.Diagonal(variances), Covariance.Full(2, matrix)];
        var mixture = new Mixture(weights, means, covariances);
        weights[0] = means[0][0] = variances[0] = matrix[0] = 9;
        means[1] = [7, 7];
        covariances[0] = covariances[1];
        Assert.Equal<double>([0.5, 0.5], mixture.Weights);
        Assert.Equal<double>([0, 0], mixture.Means[0]);
        Assert.Equal<double>([1, 1], mixture.Means[1]);
        Assert.Equal<double>([1, 2], mixture.Covariances[0].Variances);
        Assert.Equal<double>([2, 1, 1, 2], mixture.Covariances[1].Matrix);
    }

    /// <summary>What once changed every later integration, or a generated model, does not compile or does not write.</summary>
    [Fact]
    public void SharedTablesCannotBeWritten()
    {
        SolverMethod heun = SolverMethod.Of(Solver.Heun);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)heun.Weights)[0] = 0);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)GaussianMixtureModel.From<Faithful>().Mixture.Means[0])[0] = 5);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)Faithful.Heun8.Descriptor.Times)[0] = 5);
        Assert.Equal<double>([0.5, 0.5], heun.Weights);
    }

    [Fact]
    public void ValuesOfEqualNumbersAreEqual()
    {
        GaussianMixtureModel model = GaussianMixtureModel.From<Faithful>();
        Assert.Equal(model.CreateSchedule(Grid.Angle, 4, Solver.Heun), model.CreateSchedule(Grid.Angle, 4, Solver.Heun));
        Assert.NotEqual(model.CreateSchedule(Grid.Angle, 4, Solver.Heun), model.CreateSchedule(Grid.Uniform, 4, Solver.Heun));
        Assert.Equal<FlowStep>(model.CreateProgram(Solver.Heun, [3, 1, 0.1]).Steps, model.CreateProgram(Solver.Heun, [3, 1, 0.1]).Steps);
        Assert.NotEqual<FlowStep>(model.CreateProgram(Solver.Heun, [3, 1, 0.1]).Steps, model.CreateProgram(Solver.Heun, [3, 1, 0.2]).Steps);
        Assert.Equal(new NamedTensor("w", [2], [1, 2]), new NamedTensor("w", [2], [1, 2]));
        Assert.NotEqual(new NamedTensor("w", [2], [1, 2]), new NamedTensor("w", [2], [1, 3]));
    }

    private static bool IsWritableCollection(Type type) => type.IsGenericType
        && type.GetGenericTypeDefinition() is var definition
        && (definition == typeof(List<>) || definition == typeof(Dictionary<,>)
            || definition == typeof(IList<>) || definition == typeof(ICollection<>)
            || definition == typeof(IDictionary<,>));
}
