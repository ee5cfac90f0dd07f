package dev.hearth.agent.start;

import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/**
 * The default database: H2 in the data directory. Setting {@code spring.datasource.url} chooses
 * another.
 */
@Component
@ConditionalOnExpression("'${spring.datasource.url:}'.isEmpty()")
class EmbeddedDatabase implements JdbcConnectionDetails {
  /**
   * WRITE_DELAY=0: without it, H2 loses half a second of commits when the process is killed.
   * TRACE_LEVEL_FILE=0: its errors reach the log as exceptions, not as a file of their own.
   */
  private static final String OPTIONS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
          + ";DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0";

  private final String url;

  EmbeddedDatabase(DataDirectory data) {
    Path file = data.path().toAbsolutePath().normalize().resolve("db").resolve("hearth");
    if (file.toString().contains(";")) {
      throw new StartException(
          "The data directory " + data.path() + " has a semicolon in its path.",
          "Move it, or name another: ./hearth up --data DIR (HEARTH_DATA).");
    }
    this.url = "jdbc:h2:file:" + file + OPTIONS;
  }

  @Override
  public String getJdbcUrl() {
    return url;
  }

  @Override
  public String getUsername() {
    return "sa";
  }

  @Override
  public String getPassword() {
    return "";
  }
}
