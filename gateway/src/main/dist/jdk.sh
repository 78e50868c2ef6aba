# shellcheck shell=bash
# Sourced by gateway, train and bench: the JDK and the class path.
# NVGATE_LIB: directory of the jars; default: what `mvn package -DskipTests` makes.

DIST=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LIB=${NVGATE_LIB:-$(cd "$DIST/../../../.." && pwd)/appliance-image/target/lib}
JDK_FEATURE=25

die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# find_jdk : prints the home of a JDK of the right feature release, or fails.
find_jdk() {
  local release
  for release in ${JAVA_HOME:+"$JAVA_HOME/release"} /usr/lib/jvm/*/release /opt/*/release; do
    if grep -qs "^JAVA_VERSION=\"${JDK_FEATURE}[.\"]" "$release" && [ -x "${release%/release}/bin/java" ]; then
      printf '%s\n' "${release%/release}"
      return
    fi
  done
  return 1
}

JDK=$(find_jdk) || die "no JDK $JDK_FEATURE found by JAVA_HOME, under /usr/lib/jvm or /opt"
compgen -G "$LIB/*gateway*.jar" >/dev/null || die "no jars in $LIB; make them with: mvn package -DskipTests"
# By name, not by a wildcard: an AOT cache fits one order of jars only.
CLASSPATH=$(printf '%s:' "$LIB"/*.jar)
CLASSPATH=${CLASSPATH%:}
