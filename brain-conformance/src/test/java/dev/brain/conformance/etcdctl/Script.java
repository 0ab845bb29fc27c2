// SPDX-License-Identifier: Apache-2.0
package dev.brain.conformance.etcdctl;

import dev.brain.conformance.process.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands from a resource, and what they print in a form that two servers can share. */
final class Script {
  private static final Pattern GRANTED = Pattern.compile("lease ([0-9a-f]+) granted");

  /** One command, its standard input, and the line it stands in. */
  record Command(int line, List<String> arguments, String input) {
    @Override
    public String toString() {
      return "line " + line + ": etcdctl " + String.join(" ", arguments);
    }
  }

  private Script() {}

  /** The commands of a resource. */
  static List<Command> load(String resource) {
    List<Command> commands = new ArrayList<>();
    int number = 0;
    for (String line : text(resource).split("\n", -1)) {
      number++;
      if (line.startsWith("<")) {
        Command last = commands.removeLast();
        String input = last.input() + (line.length() > 2 ? line.substring(2) : "") + "\n";
        commands.add(new Command(last.line(), last.arguments(), input));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        List<String> arguments = new ArrayList<>();
        for (String word : line.trim().split("\\s+", -1)) {
          arguments.add(word.equals("\"\"") ? "" : word);
        }
        commands.add(new Command(number, arguments, ""));
      }
    }
    return commands;
  }

  /** Runs the commands; one list of lines for each. */
  static List<List<String>> run(List<Command> commands, Etcdctl etcdctl) {
    List<List<String>> outputs = new ArrayList<>();
    String lease = "0";
    for (Command command : commands) {
      String id = lease;
      List<String> arguments =
          command.arguments().stream().map(word -> word.replace("$LEASE", id)).toList();
      Tool.Result result = etcdctl.run(command.input(), arguments);
      Matcher granted = GRANTED.matcher(result.out());
      if (granted.find()) {
        lease = granted.group(1);
      }
      outputs.add(lines(result));
    }
    return outputs;
  }

  private static List<String> lines(Tool.Result result) {
    List<String> lines = new ArrayList<>();
    lines.add("exit code " + result.code());
    for (String line : (result.out() + result.err()).split("\n", -1)) {
      // etcdctl's own log has times in it.
      if (!line.startsWith("{\"level\"")) {
        lines.add(normal(line));
      }
    }
    return lines;
  }

  /** A line without ids, ports, sizes, times and hashes, which every server has of its own. */
  static String normal(String line) {
    return line.replaceAll(
            "\"(cluster_id|member_id|ID|id|leader|raft_term|raftTerm|raftIndex|raftAppliedIndex|dbSize|dbSizeInUse|hash|lease)\":-?[1-9][0-9]*",
            "\"$1\":N")
        .replaceAll(
            "\"(ClusterID|MemberID|ID|Leader|RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Hash|Lease)\" : [1-9][0-9]*",
            "\"$1\" : N")
        .replaceAll("\\b[0-9a-f]{13,16}\\b", "ID")
        .replaceAll("127\\.0\\.0\\.1:[0-9]{4,5}", "ENDPOINT")
        .replaceAll("took = [0-9.]+[µmÂa-z]*s", "took = TIME")
        .replaceAll("\"took\":\"[^\"]*\"", "\"took\":\"TIME\"")
        .replaceAll("took [0-9.]+[^ ]*s", "took TIME")
        .replaceAll("remaining\\([0-9]+s\\)", "remaining(Ns)")
        .replaceAll("\"ttl\":[0-9]+", "\"ttl\":N")
        .replaceAll("(ENDPOINT), [0-9]+$", "$1, HASH")
        .replaceAll("Took [^ ]*", "Took TIME");
  }

  private static String text(String resource) {
    try (InputStream in = Script.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + resource + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
