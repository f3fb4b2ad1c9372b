namespace LayerStore.PowerShellHost.Pester;

/// <summary>What runs around the tests of a block.</summary>
internal enum SetupKind
{
    BeforeAll,
    BeforeEach,
    AfterEach,
    AfterAll,
}
