package dev.hearth.agent.start;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The database: H2 in the data directory, or what {@code spring.datasource.url} names. */
@Component
class Database implements JdbcConnectionDetails {
  /**
   * WRITE_DELAY=0: without it, H2 loses half a second of commits when the process is killed.
   * TRACE_LEVEL_FILE=0: its errors reach the log as exceptions, not as a file of their own.
   */
  private static final String OPTIONS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
          + ";DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

  private final String url;
  private final @Nullable String user;
  private final @Nullable String password;

  Database(DataDirectory data, Environment environment) {
    String named = environment.getProperty("spring.datasource.url", "");
    this.url = named.isEmpty() ? embedded(data) : named;
    this.user = named.isEmpty() ? "sa" : environment.getProperty("spring.datasource.username");
    this.password = named.isEmpty() ? "" : environment.getProperty("spring.datasource.password");
  }

  private static String embedded(DataDirectory data) {
    Path file = data.path().toAbsolutePath().normalize().resolve("db").resolve("hearth");
    if (file.toString().contains(";")) {
      throw new StartException(
          "The data directory " + data.path() + " has a semicolon in its path.",
          "Move it, or name another: ./hearth up --data DIR (HEARTH_DATA).");
    }
    return "jdbc:h2:file:" + file + OPTIONS;
  }

  @Override
  public String getJdbcUrl() {
    return url;
  }

  @Override
  public @Nullable String getUsername() {
    return user;
  }

  @Override
  public @Nullable String getPassword() {
    return password;
  }
}
