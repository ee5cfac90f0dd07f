package dev.hearth.agent.account;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps the hash of the admin token. */
@Repository
class AdminTokens {
  private final JdbcClient jdbc;

  AdminTokens(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * The stored hash.
   *
   * @param hash SHA-256 of the token, hexadecimal
   * @param generated whether the agent made the token; false for one fixed by the operator
   */
  record Stored(String hash, boolean generated) {}

  Optional<Stored> find() {
    return jdbc.sql("select hash, generated from account_token where name = 'admin'")
        .query((row, n) -> new Stored(row.getString("hash"), row.getBoolean("generated")))
        .optional();
  }

  void save(Stored token) {
    jdbc.sql(
            "merge into account_token (name, hash, generated, created)"
                + " key (name) values ('admin', ?, ?, current_timestamp)")
        .param(token.hash())
        .param(token.generated())
        .update();
  }
}
