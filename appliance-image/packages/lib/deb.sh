# shellcheck shell=bash
# Sourced by packages/build and the packages' own package.sh: what every package of nvgate needs.
# Needs: ROOT, JDK, JARS (directory of jars), VERSION, ARCHITECTURE, SOURCE_DATE_EPOCH; TREE: the root of the package being made.

# Who answers for this build: Debian's own variables say, as with dpkg-buildpackage.
MAINTAINER="${DEBFULLNAME:-nvgate} <${DEBEMAIL:-nvgate@localhost}>"

# 0.1.0-SNAPSHOT becomes 0.1.0~20261122235959.1a2b3c4d: older than 0.1.0, and later commits are newer.
deb_version() {
  local maven commit
  maven=$(sed -n 's:^ *<version>\(.*\)</version>.*:\1:p' "$ROOT/pom.xml" | head -1)
  commit=$(git -C "$ROOT" rev-parse --short=8 HEAD 2>/dev/null || echo unknown)
  case $maven in
    *-SNAPSHOT) printf '%s~%s.%s' "${maven%-SNAPSHOT}" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S)" "$commit" ;;
    *) printf '%s' "$maven" ;;
  esac
}

# put MODE SOURCE DESTINATION : a file of the package; @VERSION@ is replaced.
put() {
  install_dir "${3%/*}"
  sed "s/@VERSION@/$VERSION/g" "$2" >"$TREE$3"
  chmod "$1" "$TREE$3"
}

install_dir() { mkdir -p "$TREE$1"; }

# put_jars DESTINATION LIST : the jars that LIST names, one a line: artifact, and where there are several versions the first
# digits of the one that is meant. What is not there exactly once is an error. A # begins a comment.
put_jars() {
  local artifact version found
  install_dir "$1"
  while read -r artifact version; do
    found=$(find "$JARS/" -name "$artifact-${version:-[0-9]}*.jar" | sort)
    [ -n "$found" ] && [ "$(wc -l <<<"$found")" = 1 ] || die "$artifact $version: not exactly one jar in $JARS: $found"
    cp "$found" "$TREE$1/"
  done < <(sed 's/#.*//; /^[[:space:]]*$/d' "$2")
  chmod 644 "$TREE$1"/*.jar
}

# put_runtime DESTINATION MODULE... : a Java of these modules alone, so that the host needs none.
put_runtime() {
  local to=$TREE$1 modules=("${@:2}")
  mkdir -p "${to%/*}"
  "$JDK/bin/jlink" --add-modules "$(IFS=,; printf '%s' "${modules[*]}")" --strip-debug --no-header-files --no-man-pages \
    --compress="${NVGATE_JLINK_COMPRESSION:-zip-6}" --output "$to"
  put_class_archive "$1"
  # What jlink marks executable or read-only beside programs.
  find "$to" -type f \( -name '*.so' -o -path '*/legal/*' \) -exec chmod 644 {} +
}

# put_class_archive RUNTIME [OPTION...] : the archive of the JDK's classes, which halves the time to start, for JVMs with these options. Made as
# the JDK's build makes its own, so that its bytes do not depend on the machine: jlink's --generate-cds-archive leaves the heap's size to
# the machine's memory.
put_class_archive() {
  "$TREE$1/bin/java" -Xshare:dump -Xmx128M -Xms128M -XX:+UseG1GC "${@:2}" -Xlog:disable -Xlog:all=error:stderr
}

# put_bill_of_materials NAME FILE [MANIFEST] : see lib/sbom. Jars that were built before Maven wrote their part have none, which is said.
put_bill_of_materials() {
  local java=$ROOT/appliance-image/target/bom.json
  if [ ! -r "$java" ]; then
    echo "NO BILL OF MATERIALS for $1: build the jars anew (mvn package), there is no $java" >&2
    return
  fi
  "$ROOT/appliance-image/lib/sbom" "$1" "$VERSION" "$java" "$ROOT/mgmt-api/src/main/web/package-lock.json" "$JDK/release" \
    ${3:+"$3"} >"$2"
  chmod 644 "$2"
}

# shared_runtime DESTINATION : the Java that gateway, manager and CLI share, made once for all packages of a build.
shared_runtime() {
  if [ ! -d "$WORK/java" ]; then
    (TREE=$WORK && put_runtime /java java.base java.logging java.management java.naming java.net.http java.sql java.xml \
      jdk.httpserver jdk.jcmd jdk.jfr jdk.management jdk.net jdk.unsupported)
  fi
  mkdir -p "${TREE:?}${1%/*}"
  cp -a "$WORK/java" "$TREE$1"
}

# deb_docs NAME DIRECTORY [OVERRIDES] : changelog, copyright (from DIRECTORY), and what lintian is told, where Debian wants them.
deb_docs() {
  local doc=/usr/share/doc/$1
  install_dir "$doc"
  printf '%s (%s) unstable; urgency=medium\n\n  * See the history of the repository.\n\n -- %s  %s\n' "$1" "$VERSION" \
    "$MAINTAINER" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$TREE$doc/changelog.gz"
  put 644 "$2/copyright" "$doc/copyright"
  put 644 "${3:-$2/lintian-overrides}" "/usr/share/lintian/overrides/$1"
}

# deb_service PACKAGE UNIT [SYSUSERS] : maintainer scripts for a unit that nobody enables but the administrator; an upgrade
# restarts it where it runs. SYSUSERS: the file in /usr/lib/sysusers.d that makes its user.
deb_service() {
  local script
  for script in postinst prerm postrm; do
    sed "s/@UNIT@/$2/g; s/@SYSUSERS@/${3:-}/g" "$PACKAGES/lib/service.$script" >"$TREE/DEBIAN/$script"
    chmod 755 "$TREE/DEBIAN/$script"
  done
}

# deb_service_purges DIRECTORY : what goes when the package is purged.
deb_service_purges() {
  printf 'if [ "$1" = purge ]; then\n  rm -rf "$DPKG_ROOT%s"\n  rmdir --ignore-fail-on-non-empty "$DPKG_ROOT%s" 2>/dev/null || true\nfi\n' \
    "$1" "${1%/*}" >>"$TREE/DEBIAN/postrm"
}

# put_man FILE SECTION : gzipped without a time.
put_man() {
  local to
  to=/usr/share/man/man$2/$(basename "$1").gz
  install_dir "${to%/*}"
  sed "s/@VERSION@/$VERSION/g" "$1" | gzip -9n >"$TREE$to"
}

# deb_finish TREE OUTPUT : checksums (not of configuration files, which are the administrator's), times, owners, and the archive.
deb_finish() {
  local tree=$1 size compress=("-Z${NVGATE_DEB_COMPRESSION:-gzip}")
  find "$tree" -type d -exec chmod 755 {} +
  size=$(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f1)
  sed -i "s/@VERSION@/$VERSION/g; s/@ARCHITECTURE@/$ARCHITECTURE/g; s/@SIZE@/$size/g; s/@MAINTAINER@/$(sed 's/[&/\\]/\\&/g' <<<"$MAINTAINER")/g" "$tree/DEBIAN/control"
  (cd "$tree" && find . -type f -not -path './DEBIAN/*' -not -path './etc/*' -printf '%P\n' | sort | xargs -d '\n' md5sum) >"$tree/DEBIAN/md5sums"
  chmod 644 "$tree/DEBIAN/md5sums" "$tree/DEBIAN/control"
  find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group "${compress[@]}" --build "$tree" "$2" >/dev/null
  printf '%s\n' "$2/$(sed -n 's/^Package: //p' "$tree/DEBIAN/control")_${VERSION}_$ARCHITECTURE.deb"
}
