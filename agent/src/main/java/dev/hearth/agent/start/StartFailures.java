package dev.hearth.agent.start;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says in a few lines why the agent did not start, what the value was and what helps, for
 * everything an operator can get wrong. Whatever else happens keeps its stack trace: that is a
 * mistake of ours.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailures implements FailureAnalyzer {
  /** What H2 says of a database file that it cannot open. */
  private static final Set<Integer> UNUSABLE_FILE = Set.of(90020, 90028, 90030, 90031, 90048);

  private static final String LISTEN_REMEDY =
      "HEARTH_ADDRESS is an address of this machine: 127.0.0.1 for this machine only, 0.0.0.0 for"
          + " the network. HEARTH_PORT is 1 to 65535; below 1024 it needs special rights.";

  private final Environment environment;

  StartFailures(Environment environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      FailureAnalysis found =
          switch (at) {
            case StartException e -> analysis(e.getMessage(), e.remedy(), failure);
            case PortInUseException e ->
                analysis(
                    "Port " + e.getPort() + " is in use: another Hearth, or another program.",
                    "Stop that one, or choose another port: ./hearth up --port N (HEARTH_PORT).",
                    failure);
            case WebServerException e ->
                analysis(
                    "Hearth cannot listen on %s port %s: %s."
                        .formatted(value("hearth.address"), value("hearth.port"), deepest(e)),
                    LISTEN_REMEDY,
                    failure);
            case BindException e when e.getName().toString().equals("server.address") ->
                analysis(
                    "HEARTH_ADDRESS is '%s': %s.".formatted(value("hearth.address"), deepest(e)),
                    LISTEN_REMEDY,
                    failure);
            case SQLException e when UNUSABLE_FILE.contains(e.getErrorCode()) ->
                analysis(
                    "The database in %s/db cannot be opened: %s."
                        .formatted(value("hearth.data"), firstLine(e.getMessage())),
                    "Close whatever else has it open, and let it belong to the user that runs"
                        + " Hearth. If it is damaged, bring back a backup, or move the folder away:"
                        + " Hearth makes a new one, without the names and places you gave.",
                    failure);
            case UncheckedIOException e ->
                analysis(
                    "%s: %s.".formatted(e.getMessage(), reason(e.getCause())),
                    "Let the data directory %s and all in it belong to the user that runs Hearth,"
                            .formatted(value("hearth.data"))
                        + " and see that its disk is not full; or name another: ./hearth up --data"
                        + " DIR (HEARTH_DATA).",
                    failure);
            default -> null;
          };
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static FailureAnalysis analysis(@Nullable String what, String remedy, Throwable failure) {
    return new FailureAnalysis(what, remedy, failure);
  }

  private String value(String property) {
    return environment.getProperty(property, "");
  }

  private static String deepest(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return firstLine(at.getMessage());
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "no reason given" : message.strip().lines().findFirst().orElse("");
  }

  /** Java says of many files only their name. */
  private static String reason(@Nullable IOException e) {
    return switch (e) {
      case null -> "no reason given";
      case AccessDeniedException denied -> "this user may not write " + denied.getFile();
      case FileAlreadyExistsException other -> other.getFile() + " is not a folder";
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileSystemException other -> other.getFile() + ": " + other.getReason();
      default -> firstLine(e.getMessage());
    };
  }
}
