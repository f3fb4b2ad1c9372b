using System.Text;
using LayerStore.Containers;

namespace LayerStore.Tests.Containers;

public sealed class ContainerCommandTests
{
    [Theory]
    [InlineData("""{"config":{"Entrypoint":["/bin/sh","-c"],"Cmd":["echo hello","x"]}}""", "/bin/sh -c 'echo hello' x")]
    [InlineData("""{"config":{"Cmd":["bash"]}}""", "bash")]
    [InlineData("""{"config":{"Entrypoint":["/app one"],"Cmd":null}}""", "/app one")]
    [InlineData("""{"config":{"Entrypoint":"/old","Cmd":["a"]}}""", "/old a")]
    [InlineData("""{"config":{}}""", "")]
    [InlineData("""{"config":null}""", "")]
    [InlineData("""{}""", "")]
    [InlineData("""[]""", "")]
    [InlineData("""no json""", "")]
    public void The_command_is_entry_point_and_arguments(string config, string command) =>
        Assert.Equal(command, ContainerCommand.Of(Encoding.UTF8.GetBytes(config)));
}
