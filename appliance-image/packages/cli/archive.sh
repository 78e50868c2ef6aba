# shellcheck shell=bash
# The classes that the nvgate command loads at its start, in the form in which the JVM maps them into memory (class data
# sharing). Sourced by package.sh. The JVM takes the archive only with the same Java and the same jars (size and time of
# change), so they are staged here as they will be installed: nvgate-cli depends on nvgate-runtime of its own version. Where they are
# staged gets into the archive, so it is the same directory for every build; one at a time has it.
stage=/tmp/nvgate-cli-stage
exec {lock}</tmp
flock -w 900 "$lock" || die "another build has been at work for a quarter of an hour (lock on /tmp)"
rm -rf "$stage" && mkdir -m 700 "$stage" || die "$stage cannot be made: is it another user's?"
trap 'rm -rf "$stage"' EXIT
(
  TREE=$stage
  put_jars "$lib/lib" "$PACKAGES/host-agent/jars"
  put_jars "$lib/manager" "$here/jars"
  shared_runtime "$lib/runtime"
)
find "$stage" -name '*.jar' -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

# Without what no command needs: a cryptographic provider on the class path is loaded and verified by the JDK at each start.
classpath=$(cd "$stage$lib" && find lib manager -name '*.jar' | grep -vE '/(bc[a-z]*-|netty-|protobuf-)' | sort | sed "s:^:\$LIB/:" | paste -sd:)
sed -i "s#@CLASSPATH@#$classpath#" "$TREE/usr/bin/nvgate"

java=("$stage$lib/runtime/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "${classpath//\$LIB/$stage$lib}")
# In an order, and without what differs from run to run, so that the same commit gives the same archive: what threads need that had to wait
# for a lock, how a connection ends, and what else is not in each of three runs.
for run in 1 2 3; do
  "${java[@]}" -Xshare:auto -XX:DumpLoadedClassList="$WORK/cli.classes" net.nvgate.mgmt.cli.StartTraining 2>"$WORK/cli.log" || { cat "$WORK/cli.log" >&2; exit 1; }
  grep -v -e '^#' -e '^@cp' -e 'source:' -e 'AbstractQueuedSynchronizer\$' -e 'SocketTube\$SocketFlowEvent' "$WORK/cli.classes" | sed 's/ id: [0-9]*$//' | sort -u >"$WORK/cli.$run"
done
comm -12 "$WORK/cli.1" "$WORK/cli.2" | comm -12 - "$WORK/cli.3" >"$WORK/cli.sorted"
# Some addresses of the JVM's own memory get into it: the kernel must not choose them at random (where a container lets it be told so).
fixed=(setarch --addr-no-randomize)
"${fixed[@]}" true 2>/dev/null || { fixed=(); say "addresses cannot be fixed here: nvgate.jsa will differ from build to build"; }
"${fixed[@]}" "${java[@]}" -Xshare:dump -Xmx128M -Xms128M -XX:SharedClassListFile="$WORK/cli.sorted" \
  -XX:SharedArchiveFile="$TREE$lib/nvgate.jsa" -Xlog:disable -Xlog:all=error:stderr
chmod 644 "$TREE$lib/nvgate.jsa"
