import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * An index for searches with two letters, or with one letter beyond ASCII. Those contain no
 * trigram, so a search for a rare one had to read every user.
 */
export class ShortWords1764250000000 implements MigrationInterface {
  name = 'ShortWords1764250000000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX users_search_short')
    await runner.query('DROP FUNCTION short_fragments')
  }
}

const statements = [
  `CREATE FUNCTION short_fragments(given text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
  DECLARE
    found text[] := '{}';
    pair text;
  BEGIN
    FOR place IN 1 .. length(given) LOOP
      pair := substr(given, place, 2);
      found := found || pair;
      IF ascii(pair) > 127 THEN found := found || left(pair, 1); END IF;
    END LOOP;
    RETURN found;
  END $$`,
  // Users are searched far more often than edited. Each search would have to read everything that
  // fastupdate postpones.
  `CREATE INDEX users_search_short ON users USING gin (short_fragments(search_text))
    WITH (fastupdate = off)`,
  'ALTER INDEX users_search SET (fastupdate = off)',
  "SELECT gin_clean_pending_list('users_search')",
]
