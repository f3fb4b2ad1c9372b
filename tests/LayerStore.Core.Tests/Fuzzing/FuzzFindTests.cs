using System.Text;
using LayerStore.Archives;
using LayerStore.Tests.Archives;
using LayerStore.Tests.Support;

namespace LayerStore.Tests.Fuzzing;

/// <summary>What the fuzzer found, made small: each of these let out an exception that is no error of ours, or broke a promise.</summary>
public sealed class FuzzFindTests
{
    private const string Zero = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData("  : [\nv")] // YamlDotNet: InvalidOperationException
    [InlineData(": !!]")] // YamlDotNet: ArgumentException
    public void Texts_that_the_parser_of_yaml_stumbles_over_are_no_configuration(string text) => Run("yaml", Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_registry_s_name_that_is_longer_than_a_name_in_yaml_may_be_is_none() =>
        Run("yaml", Encoding.UTF8.GetBytes("registries:\n  ? " + new string('a', 1100) + "\n  : {insecure: true}\n"));

    [Fact]
    public void A_name_on_docker_hub_that_looks_like_a_registry_is_not_shortened_to_one()
    {
        var reference = ImageReference.Parse("docker.io/h.y/l");
        Assert.Equal("docker.io/h.y/l:latest", reference.Familiar);
        Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
        Run("reference", "docker.io/localhost/l"u8.ToArray());
    }

    [Theory]
    [InlineData("""{"Env":[[null]]}""")]
    [InlineData("""{"Env":{"A":"b"}}""")]
    [InlineData("""{"Volumes":["/v"]}""")]
    [InlineData("""{"WorkingDir":"relative"}""")]
    [InlineData("""{"WorkingDir":"a\u0000b"}""")]
    [InlineData("""{"User":7}""")]
    [InlineData("""{"\ud800":""}""")]
    public void Settings_that_no_image_could_be_made_of_are_refused_and_others_serve(string settings) =>
        Run("document", [1, .. Encoding.UTF8.GetBytes($$$"""{"config":{{{settings}}},"rootfs":{"diff_ids":["{{{Zero}}}","{{{Zero}}}"]} }""")]);

    [Fact]
    public void A_kind_of_image_that_nobody_knows_is_told_so_that_it_can_be_read() =>
        Run("document", [1, .. """{"rootfs":{"type":"\u0000\u001b[2J","diff_ids":[]}}"""u8]);

    [Fact]
    public void A_configuration_with_a_byte_order_mark_serves_for_another_image() =>
        Run("document", [1, 0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes($$$"""{"rootfs":{"diff_ids":["{{{Zero}}}","{{{Zero}}}"]} }""")]);

    [Fact]
    public void A_name_in_a_document_that_is_no_text_is_an_error_of_the_document() =>
        Run("document", [2, .. Encoding.UTF8.GetBytes($$$"""{"schemaVersion":2,"manifests":[{"mediaType":"","digest":"{{{Zero}}}","size":5,"annotations":{" """), 0xae, .. "\":\"\"}}]}"u8]);

    [Theory]
    [InlineData("SCHILY.xattr.system.posix_acl_access", "x")]
    [InlineData("SCHILY.xattr.user.", "x")]
    [InlineData("SCHILY.xattr.trusted.", "x")]
    public void Attributes_that_Linux_takes_for_none_are_a_fault_of_the_archive(string key, string value) =>
        Run("layer", new TarBuilder().Pax(key, value).Pipe("p").Pax(key, value).File("f").End());

    [Fact]
    public void A_name_that_is_too_long_for_a_file_is_no_file_of_a_layer() =>
        Run("tar-split", ImageBuilder.Compress(Encoding.UTF8.GetBytes($$$"""{"type":1,"name":"{{{new string('n', 300)}}}","size":1,"payload":"AAAAAAAAAAA="}"""), CompressionKind.Gzip));

    private static void Run(string name, byte[] input)
    {
        using var target = Fuzzer.Targets[name]();
        target.Run(input);
    }
}
