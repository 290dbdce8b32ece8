# Shared by the scripts: says what is missing, finds a JDK.

readonly java_needed=25

fail() {
  echo "switchboard: $*" >&2
  exit 1
}

# The feature version of the JDK in a folder, 0 when there is none.
java_version() {
  local home=$1 version=""
  [[ -x $home/bin/java ]] || { echo 0; return; }
  if [[ -r $home/release ]]; then
    version=$(sed --quiet 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
  fi
  if [[ -z $version ]]; then
    version=$("$home/bin/java" -version 2>&1 | sed --quiet 's/.*version "\([0-9]*\).*/\1/p')
  fi
  echo "${version:-0}"
}

# Sets JAVA_HOME to a JDK that is new enough.
find_java() {
  local home on_path=""
  if command -v java > /dev/null; then
    on_path=$(dirname "$(dirname "$(realpath "$(command -v java)")")")
  fi
  for home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/* /opt/* ~/.sdkman/candidates/java/*; do
    if [[ -n $home ]] && (($(java_version "$home") >= java_needed)); then
      export JAVA_HOME=$home
      return
    fi
  done
  fail "needs a JDK $java_needed or newer: install one, such as Temurin, or set JAVA_HOME"
}

# Flags that silence what Maven's own libraries warn about on a new JDK.
quiet_maven() {
  echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
}
