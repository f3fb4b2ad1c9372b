# What dockerd 20.10.24 said of containers that were changed in the same way: bytes, and the text of docker ps -as.
# The image is the small one of the tests; the demo shows the table on a driver, the tests check it.

# How much the image itself holds, in bytes.
$goldenImageSize = 1982337

# Each container: its name, what is done in it (with sh, in its root), and what Docker says then.
function Get-GoldenContainer {
    @{ name = 'c-created'; script = 'true'; bytes = 0; text = '0B (virtual 1.98MB)' }
    @{ name = 'c-1m'; script = 'dd if=/dev/zero of=root/f bs=1024 count=1024 2>/dev/null'; bytes = 1048576; text = '1.05MB (virtual 3.03MB)' }
    @{ name = 'c-sparse'; script = 'dd if=/dev/zero of=root/f bs=1 count=1 seek=10485759 2>/dev/null'; bytes = 10485760; text = '10.5MB (virtual 12.5MB)' }
    @{ name = 'c-hardlink'; script = 'head -c 1000000 /dev/zero > root/f; ln root/f root/g; ln root/f root/h'; bytes = 1000000; text = '1MB (virtual 2.98MB)' }
    @{ name = 'c-symlink'; script = 'ln -s /etc/passwd root/sl; ln -s aaaaaaaaaa root/sl2'; bytes = 21; text = '21B (virtual 1.98MB)' }
    @{ name = 'c-deleted'; script = 'rm etc/passwd; rm -r home'; bytes = 0; text = '0B (virtual 1.98MB)' }
    @{ name = 'c-chmod'; script = 'chmod 600 etc/passwd; touch etc/group'; bytes = 81; text = '81B (virtual 1.98MB)' }
    @{ name = 'c-10k'; script = 'cd root; for d in 0 1 2 3 4 5 6 7 8 9; do mkdir $d; i=0; while [ $i -lt 1000 ]; do echo "file $d $i" > $d/f$i; i=$((i+1)); done; done'; bytes = 108900; text = '109kB (virtual 2.09MB)' }
    @{ name = 'c-mkdir'; script = 'mkdir -p root/a/b/c; mkfifo root/fifo; mknod root/null c 1 3'; bytes = 0; text = '0B (virtual 1.98MB)' }
    @{ name = 'c-rename'; script = 'mv etc/passwd etc/passwd2; rm -rf home; mkdir home; echo x > home/x'; bytes = 73; text = '73B (virtual 1.98MB)' }
}

# Makes those containers in the store at hand and changes them; fails where a change fails.
function New-GoldenContainer {
    foreach ($golden in Get-GoldenContainer) {
        $mount = New-Container small -Name $golden.name | Mount-Container
        & sh -ec "cd '$mount'; $($golden.script)"
        if ($LASTEXITCODE -ne 0) { throw "The change of $($golden.name) failed with exit code $LASTEXITCODE." }
        $mount | Dismount-Container
    }
}

# The containers whose sizes are not Docker's, as sentences.
function Compare-GoldenSize {
    foreach ($golden in Get-GoldenContainer) {
        $size = Get-ContainerSize $golden.name
        if ($size.SizeRw -ne $golden.bytes -or $size.SizeRootFs -ne $goldenImageSize + $golden.bytes -or "$size" -cne $golden.text) {
            "$($golden.name) is $size ($($size.SizeRw) bytes), with docker $($golden.text) ($($golden.bytes) bytes)"
        }
    }
}
