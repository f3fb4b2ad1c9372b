namespace LayerStore.Measurement;

/// <summary>How far a measurement is.</summary>
/// <param name="Driver">The driver that is measured.</param>
/// <param name="Workload">What it does now; null while it prepares or cleans up.</param>
/// <param name="Iteration">Which iteration it is, from 1.</param>
/// <param name="Iterations">How many there are.</param>
public sealed record MeasurementProgress(string Driver, DriverWorkload? Workload, int Iteration, int Iterations);
