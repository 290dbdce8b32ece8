package dev.switchboard.perf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A [Holder] that runs while this object is open, seen from the process that measures.
final class HolderProcess implements AutoCloseable {
  private final Process process;
  private final Writer in;
  private final BufferedReader out;

  private HolderProcess(Process process) {
    this.process = process;
    in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /// What its subscribers heard.
  ///
  /// @param different messages of each subscriber, those that came twice counted once
  /// @param twice messages that a subscriber got although it had them
  record Report(int[] different, long twice, Samples delays) {}

  /// Starts a process with subscribers `first` to `first + count - 1` of a node.
  static HolderProcess start(Launch node, int first, int count) {
    List<String> command = ServerProcess.dyingWithUs();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "-XX:-UsePerfData",
            "perf/src/dev/switchboard/perf/Holder.java",
            "" + node.clients().getPort()));
    try {
      var holder =
          new HolderProcess(
              new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
      holder.introduce((Dialect.Centrifuge) node.dialect(), first, count);
      return holder;
    } catch (IOException failure) {
      throw PerfException.failed("cannot hold members", failure);
    }
  }

  private void introduce(Dialect.Centrifuge dialect, int first, int count) throws IOException {
    for (int member = first; member < first + count; member++) {
      in.append(dialect.token().apply(member)).append(' ');
      in.append(dialect.channel().apply(member)).append('\n');
    }
    in.append('\n').flush();
  }

  /// Waits until all are in.
  void awaitOpen() {
    String said = read();
    if (!Holder.OPEN.equals(said)) {
      close();
      throw PerfException.failed("the members did not get in: " + said);
    }
  }

  /// Messages that came so far.
  long count() {
    ask(Holder.COUNT);
    String said = read();
    if (!said.matches("\\d+")) {
      throw PerfException.failed("members were lost: " + said);
    }
    return Long.parseLong(said);
  }

  /// All that was heard, and the delays of what was due from `from` until before `to`.
  Report report(long from, long to) {
    ask(Holder.REPORT + " " + from + " " + to);
    int[] different = Arrays.stream(read().split(" ")).mapToInt(Integer::parseInt).toArray();
    long twice = Long.parseLong(read());
    Samples delays = new Samples();
    Arrays.stream(read().split(" "))
        .filter(delay -> !delay.isEmpty())
        .forEach(delay -> delays.add(Long.parseLong(delay)));
    return new Report(different, twice, delays);
  }

  double cpuSeconds() {
    return Cpu.seconds(process.pid());
  }

  private void ask(String question) {
    try {
      in.append(question).append('\n').flush();
    } catch (IOException failure) {
      throw PerfException.failed("members are gone", failure);
    }
  }

  private String read() {
    try {
      String said = out.readLine();
      return said == null ? "nothing more" : said;
    } catch (IOException failure) {
      throw PerfException.failed("cannot hear of the members", failure);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
