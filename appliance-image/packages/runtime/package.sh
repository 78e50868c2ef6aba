# shellcheck shell=bash
# nvgate-runtime: the Java that gateway, manager and CLI share, and the jars that all of them need. Sourced by packages/build.
here=$PACKAGES/runtime
lib=/usr/lib/nvgate

put_jars "$lib/lib" "$PACKAGES/host-agent/jars"
shared_runtime "$lib/runtime"
# Gateway and manager run ZGC, which knows no compressed references, with compact object headers: the JVM looks for this archive then.
put_class_archive "$lib/runtime" -XX:-UseCompressedOops -XX:+UseCompactObjectHeaders
install_dir /usr/share/doc/nvgate-runtime
put_bill_of_materials nvgate "$TREE/usr/share/doc/nvgate-runtime/sbom.cdx.json"
deb_docs nvgate-runtime "$PACKAGES/lib" "$here/lintian-overrides"
put 644 "$here/control" /DEBIAN/control
