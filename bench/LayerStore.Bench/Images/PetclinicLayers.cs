using LayerStore.Bench.Sandbox;

namespace LayerStore.Bench.Images;

/// <summary>
/// The six layers of a Java service, of real Debian packages: what a layer really looks like (links, set-uid files, long names, jars that do not compress) cannot be made up.
/// The bytes follow the machine's Debian release; names, times and order do not depend on the run.
/// </summary>
internal static class PetclinicLayers
{
    private static readonly string[][] Layers =
    [
        ["ca-certificates", "openssl", "fontconfig-config", "fonts-dejavu-core", "libfreetype6", "libpng16-16", "libbrotli1", "libharfbuzz0b", "libglib2.0-0", "libgraphite2-3"],
        ["openjdk-17-jre-headless", "ca-certificates-java", "java-common", "libcups2", "liblcms2-2", "libjpeg62-turbo", "libnss3", "libasound2", "libpcsclite1", "libnspr4"],
        ["locales", "tzdata", "libicu72"],
        [
            "libspring-core-java", "libspring-web-java", "libspring-context-java", "libspring-beans-java", "libtomcat9-java", "libjackson2-databind-java",
            "libmariadb-java", "libbcprov-java", "libguava-java", "libhibernate-validator-java",
        ],
    ];

    /// <param name="folder">Where the layers go.</param>
    /// <param name="scratch">A file system that may hold devices and set-uid programs.</param>
    public static IReadOnlyList<string> Write(string folder, LoopFileSystem scratch)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("the image petclinic needs debootstrap, which needs root.");
        }

        var debootstrap = Packages.Require("debootstrap", "debootstrap", out var whyNot) ?? throw new InvalidOperationException(whyNot);
        var layers = Directory.CreateDirectory(Path.Combine(folder, "layers")).FullName;
        var trees = Path.Combine(scratch.Path, "trees");
        Directory.CreateDirectory(trees);
        try
        {
            var root = Path.Combine(trees, "root");
            var suite = Tool.Shell(". /etc/os-release; printf %s \"$VERSION_CODENAME\"");
            var mirror = Tool.Shell(
                "apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' | sed -n \"s/^$1 main //p\" | head -1", suite).Trim();
            Tool.Run(debootstrap, "--variant=minbase", suite, root, mirror);
            Tool.Shell("cd \"$1\"; rm -rf var/cache/apt var/lib/apt/lists var/log/* etc/machine-id var/cache/ldconfig; mkdir -p var/cache/apt var/lib/apt/lists", root);
            List<string> written = [Pack(root, layers, 0)];
            for (var i = 0; i < Layers.Length; i++)
            {
                var tree = Path.Combine(trees, FormattableString.Invariant($"t{i}"));
                Tool.Shell(
                    "mkdir -p \"$1/debs\" \"$1/root\"; cd \"$1/debs\"; shift; apt-get download -qq \"$@\"; for d in *.deb; do dpkg-deb -x \"$d\" ../root; done",
                    [tree, .. Layers[i]]);
                written.Add(Pack(Path.Combine(tree, "root"), layers, i + 1));
            }

            // The application: the classes of one of its own jars, unpacked as a layered jar has them.
            var application = Path.Combine(trees, "application");
            Tool.Shell("""
                mkdir -p "$1/app"; cd "$1/app"
                i=0; while [ $i -lt 600 ]; do mkdir -p "BOOT-INF/classes/pkg$((i % 20))"; head -c $((1000 + i * 13)) "$2" > "BOOT-INF/classes/pkg$((i % 20))/Class$i.class"; i=$((i + 1)); done
                """, application, Path.Combine(layers, "003.tar"));
            written.Add(Pack(application, layers, Layers.Length + 1));
            return written;
        }
        finally
        {
            Tool.Run("rm", "-rf", trees);
        }
    }

    private static string Pack(string tree, string layers, int index)
    {
        var path = Path.Combine(layers, FormattableString.Invariant($"{index:d3}.tar"));
        Tool.Run(
            "tar", "--create", "--file", path, "--directory", tree, "--sort=name", "--mtime=@1704067200", "--numeric-owner", "--format=posix",
            "--pax-option=delete=atime,delete=ctime", "--xattrs", "--xattrs-include=*", ".");
        return path;
    }
}
