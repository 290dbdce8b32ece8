package dev.switchboard.perf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// Checks the code that counts against known answers, without a server.
final class SelfCheck {
  private SelfCheck() {}

  /// Fails with the first wrong answer.
  static void run() {
    framesSurviveAnySplit();
    linesAreCounted();
    clientFramesUnmask();
    knownVectors();
    percentilesAreExact();
    slopesAreFitted();
    windowsAreCut();
    stopsAreRead();
    stampsComeBack();
    repliesAreRead();
    compressedMessagesAreInflated();
    benchmarksAreTold();
    quotesChangeALittle();
    protobufIsWritten();
    channelsAreEvenlySpread();
    axesHaveRoundNumbers();
    picturesAreWellFormed();
    System.out.println("All checks passed.");
  }

  private record Heard(List<String> texts, List<String> closes) implements FrameParser.Sink {
    Heard() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public void onText(ByteBuffer in, int at, int length) {
      byte[] text = new byte[length];
      in.get(at, text);
      texts.add(new String(text, StandardCharsets.UTF_8));
    }

    @Override
    public void onPing(byte[] payload) {
      texts.add("ping " + payload.length);
    }

    @Override
    public void onClose(int code, String reason) {
      closes.add(code + " " + reason);
    }
  }

  private static void framesSurviveAnySplit() {
    String medium = "m".repeat(300);
    String large = "l".repeat(70_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(server(0x81, "a"));
    bytes.writeBytes(server(0x89, "hey"));
    bytes.writeBytes(server(0x81, medium));
    bytes.writeBytes(server(0x81, large));
    bytes.writeBytes(server(0x88, "\u000b\u00c0shutdown"));
    byte[] all = bytes.toByteArray();
    for (int split = 0; split <= all.length; split += split < 400 ? 1 : 997) {
      Heard heard = new Heard();
      ByteBuffer in = ByteBuffer.allocate(1 << 17);
      in.put(all, 0, split).flip();
      FrameParser.parse(in, heard);
      in.compact().put(all, split, all.length - split).flip();
      FrameParser.parse(in, heard);
      same("texts, split at " + split, List.of("a", "ping 3", medium, large), heard.texts());
      same("close, split at " + split, List.of("3008 shutdown"), heard.closes());
    }
  }

  /// A frame as servers send it: not masked.
  private static byte[] server(int first, String payload) {
    byte[] content = payload.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer frame = ByteBuffer.allocate(10 + content.length);
    frame.put((byte) first);
    if (content.length < 126) {
      frame.put((byte) content.length);
    } else if (content.length < 65_536) {
      frame.put((byte) 126).putShort((short) content.length);
    } else {
      frame.put((byte) 127).putLong(content.length);
    }
    frame.put(content).flip();
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static void linesAreCounted() {
    for (int length = 1; length < 40; length++) {
      String message = "\u008a".repeat(length > 1 && length != 2 ? length : 3);
      for (int count = 1; count < 20; count++) {
        String frame = (message + "\n").repeat(count) + "{}\n" + message;
        byte[] bytes = frame.getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer in = ByteBuffer.allocate(bytes.length + 3).order(ByteOrder.LITTLE_ENDIAN);
        in.put(3, bytes);
        LineScan scan = new LineScan();
        scan.scan(in, 3, bytes.length, MessageScan.UNHEARD);
        same("messages of " + frame, count + 1, scan.messages());
        same("pings of " + frame, 1, scan.pings());
      }
    }
  }

  private static void clientFramesUnmask() {
    for (int length : new int[] {0, 5, 125, 126, 65_535, 65_536}) {
      String text = "t".repeat(length);
      byte[] frame = Frames.text(text);
      int at = length < 126 ? 2 : length < 65_536 ? 4 : 10;
      StringBuilder unmasked = new StringBuilder();
      for (int i = 0; i < length; i++) {
        unmasked.append((char) (frame[at + 4 + i] ^ frame[at + i % 4]));
      }
      same("frame of " + length, text, unmasked.toString());
      same("bytes of frame of " + length, at + 4 + length, frame.length);
      same("mask bit of " + length, true, (frame[1] & 0x80) != 0);
    }
  }

  /// RFC 6455 section 1.3 and the example of the token debugger everyone knows.
  private static void knownVectors() {
    same("handshake", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", Handshake.accept("dGhlIHNhbXBsZSBub25jZQ=="));
    String claims = "{\"sub\":\"1234567890\",\"name\":\"John Doe\",\"iat\":1516239022}";
    String signature = new Token("your-256-bit-secret").signClaims(claims).split("\\.")[2];
    same("token", "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", signature);
  }

  private static void percentilesAreExact() {
    Samples samples = new Samples();
    for (int i = 10_000; i >= 1; i--) {
      samples.add(i * 1_000_000L);
    }
    same("p50", 5_000.0, samples.percentileMillis(50));
    same("p99", 9_900.0, samples.percentileMillis(99));
    same("median", 2.5, Spread.of(DoubleStream.of(4, 1, 3, 2)).median());
  }

  private static void slopesAreFitted() {
    double[] xs = {1, 2, 3, 4};
    same("slope of a line", -2.5, Trend.of(xs, new double[] {0, -2.5, -5, -7.5}).slope());
    same("slope of a cloud", 1.4, Trend.of(xs, new double[] {6, 5, 7, 10}).slope());
  }

  private static void windowsAreCut() {
    Timeline timeline = new Timeline();
    for (int i = 0; i < 10_000; i++) {
      timeline.add(Long.MAX_VALUE - 5_000 + i, i * 1_000_000L);
    }
    Samples window = timeline.between(Long.MAX_VALUE - 4_000, Long.MIN_VALUE + 2_999);
    timeline.add(7, 1);
    timeline.add(7, 2);
    same("all", 10_002, timeline.count());
    same("all but those that came twice", 10_001, timeline.distinct());
    same("samples of a window", 7_000, window.count());
    same("its first", 1_000.0, window.percentileMillis(0));
    same("its last", 7_999.0, window.percentileMillis(100));
  }

  /// Lines of JDK 25.
  private static void stopsAreRead() {
    GcLog log =
        GcLog.of(
            Stream.of(
                "[1.2s][gc       ] GC(3) Pause Young (Normal) 24M->2M(64M) 1.771ms",
                "[1.2s][safepoint] Safepoint \"G1CollectForAllocation\", Time since last: 9 ns, "
                    + "Reaching safepoint: 4000 ns, At safepoint: 1900000 ns, "
                    + "Leaving safepoint: 1000 ns, Total: 1905000 ns, Threads: 1 runnable, 9 total",
                "[1.3s][safepoint] Safepoint \"ZMarkStartYoung\", Total:      15000 ns",
                "[1.4s][safepoint] Safepoint \"ThreadDump\", Total: 7000000 ns",
                "[1.5s][gc       ] Allocation Stall (vert.x-eventloop-thread-0) 12.500ms"));
    same("pauses", 2, log.pauses().count());
    same("longest pause", 1.905, log.pauses().percentileMillis(100));
    same("other stop", 7.0, log.others().percentileMillis(100));
    same("stall", 12.5, log.stalls().percentileMillis(100));
  }

  private static void stampsComeBack() {
    for (long nanos : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, System.nanoTime()}) {
      String payload = Stamp.put("\"" + "x".repeat(40) + "\"", nanos);
      same("bytes of " + payload, 42, payload.length());
      byte[] line = ("{\"data\":" + payload + "}").getBytes(StandardCharsets.US_ASCII);
      same("stamp of " + payload, nanos, Stamp.find(ByteBuffer.wrap(line), 0, line.length));
    }
  }

  private static void repliesAreRead() {
    ByteBuffer in = ByteBuffer.wrap("..{\"id\":1207,\"publish\":{}}".getBytes());
    same("reply", true, Replies.isReply(in, 2, in.limit() - 2));
    same("id", 1207, Replies.id(in, 2));
    same("error", false, Replies.isError(in, 2, in.limit() - 2));
    ByteBuffer refused = ByteBuffer.wrap("{\"id\":7,\"error\":{\"code\":111}}".getBytes());
    same("refusal", true, Replies.isError(refused, 0, refused.limit()));
    ByteBuffer push = ByteBuffer.wrap("{\"push\":{\"channel\":\"a\"}}".getBytes());
    same("push", false, Replies.isReply(push, 0, push.limit()));
    String history =
        "{\"result\":{\"publications\":[{\"data\":1,\"offset\":8},{\"data\":2,\"offset\":9}],"
            + "\"epoch\":\"e\",\"offset\":9}}";
    same("offsets", "[8, 9, 9]", Arrays.toString(KeptLog.offsets(history)));
  }

  /// The examples of RFC 7692, 7.2.3, one right after the other.
  private static void compressedMessagesAreInflated() {
    Inflation inflation = new Inflation(64);
    for (String payload : List.of("f248cdc9c90700", "000500faff48656c6c6f00")) {
      byte[] bytes = HexFormat.of().parseHex(payload);
      ByteBuffer in = ByteBuffer.allocateDirect(bytes.length + 1).put(1, bytes);
      ByteBuffer message = inflation.inflate(in, 1, bytes.length);
      same("message of " + payload, "Hello", StandardCharsets.US_ASCII.decode(message).toString());
    }
  }

  private static void quotesChangeALittle() {
    for (int bytes : new int[] {24, 128, 1_024, 4_096}) {
      List<String> series = Quotes.series(bytes, 64);
      same("quotes of " + bytes, bytes < 128 ? 1 : 64, series.size());
      for (int i = 0; i < series.size(); i++) {
        same("bytes of quotes", bytes, series.get(i).length());
        String before = series.get(Math.max(0, i - 1));
        int from = Arrays.mismatch(before.toCharArray(), series.get(i).toCharArray());
        same("the first quotes change", true, i == 0 ? from == -1 : from > 0);
        same("the rest", true, i == 0 || before.endsWith(series.get(i).substring(from + 70)));
      }
    }
  }

  /// The examples of the encoding's own documentation, and a frame of three commands.
  private static void protobufIsWritten() {
    byte[] number = new Proto().number(1, 150).bytes();
    same("number", "089601", HexFormat.of().formatHex(number));
    Proto text = new Proto().text(2, "testing");
    same("text", "120774657374696e67", HexFormat.of().formatHex(text.bytes()));
    Proto outer = new Proto().number(1, 300).message(3, text).text(200, "x".repeat(200));
    String read = new String(outer.bytes(), StandardCharsets.ISO_8859_1);
    same("inner", "testing", Proto.find(read, 3).flatMap(in -> Proto.find(in, 2)).orElse(""));
    same("far", "x".repeat(200), Proto.find(read, 200).orElse(""));
    same("absent", true, Proto.find(read, 2).isEmpty());
    ByteBuffer in = ByteBuffer.allocate(1_024).put(7, outer.delimited());
    int second = 7 + outer.delimited().length + 1;
    in.put(second, text.delimited());
    VarintScan scan = new VarintScan();
    List<Integer> lengths = new ArrayList<>();
    int length = second + text.delimited().length - 7;
    scan.scan(in, 7, length, (_, _, bytes) -> lengths.add(bytes));
    same("lengths", List.of(outer.bytes().length, text.bytes().length), lengths);
    same("pings of Protobuf", 1, scan.pings());
  }

  private static void channelsAreEvenlySpread() {
    same("the one channel", "fan", Channels.ONE.nameOf(1_234));
    Channels channels = Channels.of(50);
    int[] subscribers = new int[50];
    for (int i = 0; i < 500; i++) {
      subscribers[channels.numberOf(i)]++;
    }
    same("spread", true, Arrays.stream(subscribers).allMatch(count -> count == 10));
    same("name", "fan-00007", channels.nameOf(107));
  }

  private static void axesHaveRoundNumbers() {
    Scale linear = Scale.linear(DoubleStream.of(3, 870));
    same("linear ticks", List.of(0.0, 200.0, 400.0, 600.0, 800.0, 1_000.0), linear.ticks());
    same("share", 0.25, linear.share(250));
    Scale below = Scale.linear(DoubleStream.of(-3, 7));
    same("below zero", List.of(-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0), below.ticks());
    Scale logarithmic = Scale.logarithmic(DoubleStream.of(0.2, 40));
    same("powers", List.of(0.1, 1.0, 10.0, 100.0), logarithmic.ticks());
    same("middle", 0.5, Scale.logarithmic(DoubleStream.of(1, 100)).share(10));
    for (double alone : new double[] {0, 1, 7.5}) {
      same("one value of " + alone, true, Scale.linear(DoubleStream.of(alone)).to() >= alone);
    }
    same(
        "texts",
        List.of("0", "0.25", "99.9", "1,000", "1.5M"),
        DoubleStream.of(0, 0.25, 99.9, 1_000, 1.5e6).mapToObj(Scale::text).toList());
  }

  /// Something in each, and nothing in each: an empty picture must not end a run of hours.
  private static void picturesAreWellFormed() {
    Plot.Series series = new Plot.Series("a & b < c", 1, 0);
    Spread spread = new Spread(1, 2, 4);
    Spread none = Spread.of(DoubleStream.empty());
    var bars = List.of(new BarPlot.Bar("4", series, spread), new BarPlot.Bar("8", series, none));
    var endless = List.of(new BarPlot.Bar("1", series, Spread.of(DoubleStream.of(1 / 0.0))));
    var points = List.of(new LinePlot.Point(1_000, 0.2), new LinePlot.Point(10_000, 3));
    var line = new LinePlot.Line(series.with("p99", 1), points);
    for (Plot plot :
        List.of(
            new BarPlot("bars", "Bars", "x", "y", bars),
            new BarPlot("bars", "Bars", "x", "y", endless),
            new BarPlot("bars", "Bars", "x", "y", List.of()),
            new LinePlot("lines", "Lines", "x", "y", true, List.of(line)),
            new LinePlot("lines", "Lines", "x", "y", false, List.of(line)),
            new LinePlot("lines", "Lines", "x", "y", false, List.of()))) {
      String svg = plot.svg();
      try {
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        var root = builder.parse(new InputSource(new StringReader(svg))).getDocumentElement();
        same("root of " + plot.name(), "svg", root.getNodeName());
      } catch (ParserConfigurationException | SAXException | IOException e) {
        throw PerfException.failed("a picture is no XML: " + svg, e);
      }
      same("numbers of " + plot.name(), false, svg.contains("NaN") || svg.contains("Infinity"));
    }
  }

  private static void benchmarksAreTold() {
    List<String> lines =
        List.of(
            "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Error\",\"Unit\",\"Param:"
                + " n\"",
            "\"dev.switchboard.a.B.c\",\"avgt\",1,1,12.34,NaN,\"ns/op\",8",
            "\"dev.switchboard.a.B.c:gc.alloc.rate.norm\",\"avgt\",1,1,24.0,NaN,\"B/op\",8");
    String row = JmhTable.of(lines).text().lines().skip(2).findFirst().orElse("");
    same("benchmark", "|a.B.cn=8|12.3|-|ns/op|24.0|", row.replace(" ", ""));
  }

  private static void same(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw PerfException.failed("check of " + what + ": expected " + expected + ", got " + actual);
    }
  }
}
