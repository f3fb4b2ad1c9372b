#!/bin/bash
# Runs build.ps1 where no PowerShell is installed: through $PWSH if set, else through the small host in tools/.
#   ./build.sh TASK [ARGUMENTS]      ./build.sh alone lists the tasks
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
task=${1:-tasks}
[ $# -eq 0 ] || shift

if ! command -v dotnet >/dev/null; then
    for candidate in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet; do
        if [ -n "$candidate" ] && [ -x "$candidate/dotnet" ]; then PATH="$candidate:$PATH"; break; fi
    done
fi
command -v dotnet >/dev/null || { echo "The .NET SDK was not found: install .NET 10 (package dotnet-sdk-10.0) and run this again." >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

host=$root/out/tools/pwsh/LayerStore.PowerShellHost

# Builds the host, unless it was built from just these sources.
prepare_host() {
    local stamp=$root/out/tools/pwsh.stamp sources log
    sources=$(cd "$root" && find tools/LayerStore.PowerShellHost Directory.Build.props Directory.Packages.props global.json .editorconfig \
        \( -name bin -o -name obj \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    if [ -x "$host" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$sources" ]; then return; fi
    echo "Building the PowerShell host (once) ..." >&2
    mkdir -p "$root/out/tools"
    log=$root/out/tools/pwsh.log
    if ! dotnet build "$root/tools/LayerStore.PowerShellHost" -c Release -o "$root/out/tools/pwsh" -v q -nologo >"$log" 2>&1; then
        cat "$log" >&2
        exit 1
    fi
    printf '%s\n' "$sources" >"$stamp"
}

if [ -n "${PWSH:-}" ]; then
    command -v "$PWSH" >/dev/null || { echo "PWSH names '$PWSH', which cannot be run." >&2; exit 1; }
    shell=("$PWSH" -NoProfile)
else
    prepare_host
    shell=("$host" -NoProfile)
fi

if [ "$task" = shell ] && [ -z "${PWSH:-}" ]; then
    # The prompt takes this process's place, so that signals and the exit code are its own.
    "${shell[@]}" -NoStandIns -File "$root/build.ps1" Build -IfStale >&2
    exec "$host" -Module "$root/out/LayerStore/LayerStore.psd1" "$@"
fi
if [ -z "${PWSH:-}" ]; then shell+=(-NoStandIns); fi
exec "${shell[@]}" -File "$root/build.ps1" "$task" "$@"
