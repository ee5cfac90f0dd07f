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
  /** WRITE_DELAY=0: without it, H2 loses half a second of commits when the process is killed. */
  private static final String OPTIONS =
      ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
          + ";DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";

  private final String url;

  EmbeddedDatabase(HearthSettings settings) {
    Path file = settings.data().toAbsolutePath().normalize().resolve("db").resolve("hearth");
    if (file.toString().contains(";")) {
      throw new IllegalArgumentException(
          "the data directory " + settings.data() + " has a semicolon in its path: move it");
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
