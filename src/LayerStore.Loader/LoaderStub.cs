namespace LayerStore.Loader;

internal static class LoaderStub;
