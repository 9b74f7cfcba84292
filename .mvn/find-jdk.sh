#!/bin/sh
# Prints the home of a JDK 25 and exits 0, or prints what to do on standard error and exits 8.
# Looks at JAVA_HOME, at the java of the PATH, then where installers put JDKs. Starts no JVM: a JDK's file "release" tells
# its version. Used by the launcher, and by mvnw where it finds no JDK at all.

wanted=25

is_wanted() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
        "JAVA_VERSION=\"$wanted\""* | "JAVA_VERSION=\"$wanted."* | "JAVA_VERSION=\"$wanted-"*) return 0 ;;
        esac
    done <"$1/release"
    return 1
}

try() {
    if is_wanted "$1"; then
        printf '%s\n' "$1"
        exit 0
    fi
}

for home in "${JAVA_HOME-}" "${JAVA25_HOME-}" "${JAVA_HOME_25_X64-}" "${JAVA_HOME_25_ARM64-}"; do
    [ -z "$home" ] || try "$home"
done

java=$(command -v java 2>/dev/null || :)
if [ -n "$java" ]; then
    java=$(readlink -f "$java" 2>/dev/null || printf '%s' "$java") # an alternative of the system is a link
    try "${java%/bin/java}"
fi
if [ -x /usr/libexec/java_home ]; then # macOS
    home=$(/usr/libexec/java_home -v "$wanted" 2>/dev/null || :)
    [ -z "$home" ] || try "$home"
fi

for home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/jdk* /opt/*jdk* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* "${HOME-}"/.asdf/installs/java/* \
    "${HOME-}"/.local/share/mise/installs/java/* "${HOME-}"/.jabba/jdk/* \
    "${HOME-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "/c/Program Files"/*/jdk-"$wanted"*; do
    [ ! -d "$home" ] || try "$home"
done

cat >&2 <<END
NexusLite needs a JDK $wanted and found none (JAVA_HOME, PATH and the usual folders were searched).
Get one from https://adoptium.net/temurin/releases/?version=$wanted or with your package manager, then try again; if it lies
elsewhere, set JAVA_HOME to it.
END
exit 8
