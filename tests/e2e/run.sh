#!/usr/bin/env bash
# The vendor's own Python SDK, unmodified, against `asgsim serve`: it speaks https to the service's
# own host and to nothing else, and is led here by two environment variables.
#
#   tests/e2e/run.sh [PATH-OF-ASGSIM]      (built with --features server)
set -euo pipefail
cd "$(dirname "$0")/../.."
asgsim=${1:-target/debug/asgsim}

if ! command -v python3 >/dev/null || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "skipped: no python3 with venv here"
    exit 0
fi
work=$(mktemp -d)
server=
clean() {
    if [ -n "$server" ]; then kill "$server" 2>/dev/null && wait "$server" || true; fi
    rm -rf "$work"
}
trap clean EXIT

python3 -m venv "$work/venv"
if ! "$work/venv/bin/pip" --quiet --disable-pip-version-check install qcloudapi-sdk-python==2.0.15 2>"$work/pip.log"; then
    tail -n 1 "$work/pip.log"
    echo "skipped: the SDK cannot be installed"
    exit 0
fi
# The vendor's command line runs on Python up to 3.11.
"$work/venv/bin/pip" --quiet --disable-pip-version-check install qcloudcli==1.9.20 2>"$work/pip.log" || true

export ASGSIM_SECRET_ID=AKIDe2e ASGSIM_SECRET_KEY=e2e-secret
"$asgsim" serve --listen 127.0.0.1:0 --tls self-signed --tls-ca-out "$work/ca.pem" \
    --save "$work/saved.json" --events "$work/events.jsonl" 2>"$work/server.log" &
server=$!
address=
for _ in $(seq 100); do
    address=$(sed -n 's/^asgsim: listening on http:\/\/\([^ ]*\).*/\1/p' "$work/server.log")
    if [ -n "$address" ]; then break; fi
    sleep 0.1
done
if [ -z "$address" ]; then cat "$work/server.log"; exit 1; fi

https_proxy="http://$address" SSL_CERT_FILE="$work/ca.pem" ASGSIM="http://$address" \
    "$work/venv/bin/python" tests/e2e/story.py

# The same world as the vendor's command line sees it.
if "$work/venv/bin/python" -c 'import imp, qcloudcli' 2>/dev/null; then
    mkdir "$work/.qcloudcli"
    printf '[default]\nqcloud_secretid = %s\nqcloud_secretkey = %s\n' \
        "$ASGSIM_SECRET_ID" "$ASGSIM_SECRET_KEY" >"$work/.qcloudcli/credentials"
    printf '[default]\noutput = json\nregion = gz\n' >"$work/.qcloudcli/configure"
    seen=$(HOME="$work" https_proxy="http://$address" SSL_CERT_FILE="$work/ca.pem" \
        "$work/venv/bin/qcloudcli" scaling DescribeScalingGroup 2>&1) || true
    case $seen in
        *shop*) echo "qcloudcli sees the group" ;;
        *) echo "qcloudcli does not see the group: $seen"; exit 1 ;;
    esac
else
    echo "qcloudcli skipped: it does not run on this Python"
fi

kill -TERM "$server"
wait "$server"
server=
test -s "$work/saved.json" && test -s "$work/events.jsonl"
if grep -l -e 'Passw0rd!' -e "$ASGSIM_SECRET_KEY" "$work"/saved.json "$work"/events.jsonl "$work"/server.log; then
    echo "a password or a secret was written"; exit 1
fi
echo "stopped; $(wc -l <"$work/events.jsonl") events written"

"$asgsim" serve --listen 127.0.0.1:0 --restore "$work/saved.json" 2>"$work/server.log" &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/^asgsim: listening on http:\/\/\([^ ]*\).*/\1/p' "$work/server.log")
    if [ -n "$address" ]; then break; fi
    sleep 0.1
done
python3 -c "import urllib.request as u
opener = u.build_opener(u.ProxyHandler({}))
state = opener.open('http://$address/_sim/state', timeout=30).read()
assert b'\"name\":\"shop\"' in state, state"
echo "restored: the group is there"
kill -TERM "$server"
wait "$server"
server=
echo "1 passed, 0 failed"
