# Shared by the scripts, after lib.sh: finds the packed jar and packs it when sources changed.

find_jar() {
  compgen -G "$root/target/switchboard-*.jar" | head --lines=1
}

is_stale() {
  local jar newer
  jar=$(find_jar) && [[ -n $jar ]] || return 0
  newer=$(find "$root/src/main" "$root/pom.xml" "$root/conf/switchboard.yaml" \
    -name node_modules -prune -o -newer "$jar" -print -quit)
  [[ -n $newer ]]
}

# Packs the jar; the running one is removed, not overwritten, so nodes that use it live on.
build() {
  command -v mvn > /dev/null || fail "needs Maven to build: install it, such as apt-get install maven"
  if command -v npm > /dev/null && [[ ! -d $root/src/main/npm/node_modules ]]; then
    npm ci --prefix "$root/src/main/npm" --silent \
      || echo "switchboard: no browser SDK (npm failed): the console has no playground" >&2
  fi
  echo "switchboard: building (the first time takes a minute or two) ..." >&2
  rm --force "$root"/target/switchboard-*.jar
  MAVEN_OPTS="${MAVEN_OPTS:-} $(quiet_maven)" mvn --batch-mode --quiet --file "$root/pom.xml" \
    -Dstyle.color=never package -DskipTests >&2 || fail "the build failed, see above"
  touch "$(find_jar)"
  echo "switchboard: built in $SECONDS s" >&2
}

# Builds when sources changed; of several at once one builds and the others wait for it.
build_if_stale() {
  is_stale || return 0
  mkdir --parents "$root/target"
  if command -v flock > /dev/null; then
    exec 9> "$root/target/build.lock"
    flock 9
  fi
  if is_stale; then
    build
  fi
  exec 9>&-
}

# The flags of a node's JVM, a line each: those of the configuration, and what scripts/train made.
node_flags() {
  local cache=$root/target/switchboard.aot
  echo "@$root/conf/jvm.options"
  if [[ $cache -nt $(find_jar) ]]; then
    echo "-XX:AOTCache=$cache"
  fi
}
