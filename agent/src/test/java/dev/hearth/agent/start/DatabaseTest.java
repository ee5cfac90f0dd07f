package dev.hearth.agent.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mock.env.MockEnvironment;

class DatabaseTest {
  @TempDir Path folder = Path.of("unset");

  private Database with(MockEnvironment environment) throws IOException {
    try (DataDirectory data = new DataDirectory(new HearthSettings(folder))) {
      return new Database(data, environment);
    }
  }

  @Test
  void liesInTheDataDirectory() throws IOException {
    assertThat(with(new MockEnvironment()).getJdbcUrl())
        .startsWith("jdbc:h2:file:" + folder.resolve("db").resolve("hearth") + ";");
  }

  @Test
  void anOperatorsDatabaseIsUsedWithItsOwnCredentials() throws IOException {
    Database database =
        with(
            new MockEnvironment()
                .withProperty("spring.datasource.url", "jdbc:h2:mem:other")
                .withProperty("spring.datasource.username", "ann"));
    assertThat(database.getJdbcUrl()).isEqualTo("jdbc:h2:mem:other");
    assertThat(database.getUsername()).isEqualTo("ann");
    assertThat(database.getPassword()).isNull();
  }
}
