import type { MigrationInterface, QueryRunner } from 'typeorm'

const sqliteTriggers = [
  `CREATE TRIGGER second_factors_insert AFTER INSERT ON second_factors BEGIN
    UPDATE users SET has_second_factor = true WHERE id = NEW.user_id AND NOT has_second_factor;
  END`,
  `CREATE TRIGGER second_factors_delete AFTER DELETE ON second_factors BEGIN
    UPDATE users SET has_second_factor = false WHERE id = OLD.user_id
      AND NOT EXISTS (SELECT 1 FROM second_factors WHERE user_id = OLD.user_id);
  END`,
]

const postgresTriggers = [
  `CREATE FUNCTION note_second_factor() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      UPDATE users SET has_second_factor = true WHERE id = NEW.user_id AND NOT has_second_factor;
    ELSE
      UPDATE users SET has_second_factor = false WHERE id = OLD.user_id
        AND NOT EXISTS (SELECT 1 FROM second_factors WHERE user_id = OLD.user_id);
    END IF;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER second_factors_insert AFTER INSERT ON second_factors
    FOR EACH ROW EXECUTE FUNCTION note_second_factor()`,
  `CREATE TRIGGER second_factors_delete AFTER DELETE ON second_factors
    FOR EACH ROW EXECUTE FUNCTION note_second_factor()`,
]

const isPostgres = (runner: QueryRunner): boolean => runner.connection.options.type === 'postgres'

/**
 * What the filters of the Users table need: whether a user has a second factor, which triggers
 * maintain, and indexes of the users with and without one, and of the age of passwords.
 */
export class UserFilters1765300058000 implements MigrationInterface {
  name = 'UserFilters1765300058000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE users ADD COLUMN has_second_factor boolean NOT NULL DEFAULT false',
    )
    await runner.query(
      'UPDATE users SET has_second_factor = true WHERE id IN (SELECT user_id FROM second_factors)',
    )
    for (const trigger of isPostgres(runner) ? postgresTriggers : sqliteTriggers) {
      await runner.query(trigger)
    }
    await runner.query(
      'CREATE INDEX users_by_second_factor ON users (has_second_factor, name_key, id)',
    )
    await runner.query(`CREATE INDEX users_by_password_change
      ON users (password_changed_at, id) WHERE password_hash IS NOT NULL`)
  }

  async down(runner: QueryRunner): Promise<void> {
    const table = isPostgres(runner) ? ' ON second_factors' : ''
    await runner.query(`DROP TRIGGER second_factors_delete${table}`)
    await runner.query(`DROP TRIGGER second_factors_insert${table}`)
    if (isPostgres(runner)) await runner.query('DROP FUNCTION note_second_factor')
    await runner.query('DROP INDEX users_by_password_change')
    await runner.query('DROP INDEX users_by_second_factor')
    await runner.query('ALTER TABLE users DROP COLUMN has_second_factor')
  }
}
