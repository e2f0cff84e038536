namespace FlowDsl.Examples;

/// <summary>Networks of ReLU units for one-step maps, as deep as the paper's: their arithmetic, for a training that bounds the norms of the layers.</summary>
[GaussianMixture(64, File = "Paper-0.1.mixture.json")]
[OrnsteinUhlenbeck(Beta = 5, Horizon = 0.069314718055994531, EarlyStop = 0)]
[Student("Width128", Segments = 1, Width = 128, Depth = 4)]
public partial class SpectralStudents;
