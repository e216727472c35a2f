import type { MigrationInterface, QueryRunner } from 'typeorm'

const refusal = 'Operations are only ever added.'
const cutRefusal = 'The beginning of the operation list never moves back.'
const isKept =
  "OLD.number IS NULL OR OLD.number > COALESCE((SELECT number FROM operation_cut WHERE id = 'operations'), 0)"

/**
 * Where the list of operations begins, after the server deleted old ones. Operations up to that
 * number can be deleted. All others, and the row itself, cannot.
 */
export class OperationCut1765300061000 implements MigrationInterface {
  name = 'OperationCut1765300061000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE operation_cut (
      id varchar PRIMARY KEY NOT NULL,
      number integer NOT NULL,
      hash varchar NOT NULL,
      at bigint NOT NULL,
      keep_days integer NOT NULL,
      sealed varchar NOT NULL
    )`)
    if (runner.connection.options.type === 'postgres') {
      await this.upOnPostgres(runner)
      return
    }
    await runner.query('DROP TRIGGER operations_refuse_delete')
    await runner.query(`CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations
      WHEN ${isKept} BEGIN SELECT RAISE(ABORT, '${refusal}'); END`)
    await runner.query(`CREATE TRIGGER operation_cut_refuse_update BEFORE UPDATE ON operation_cut
      WHEN NEW.id <> OLD.id OR NEW.number < OLD.number
      BEGIN SELECT RAISE(ABORT, '${cutRefusal}'); END`)
    await runner.query(`CREATE TRIGGER operation_cut_refuse_delete BEFORE DELETE ON operation_cut
      BEGIN SELECT RAISE(ABORT, '${cutRefusal}'); END`)
  }

  /** Refused after a deletion: an earlier version would report every deleted operation as missing. */
  async down(runner: QueryRunner): Promise<void> {
    const cuts: unknown[] = await runner.query('SELECT 1 FROM operation_cut')
    if (cuts.length > 0) throw new Error('Old operations were deleted, so there is no way back.')
    if (runner.connection.options.type === 'postgres') {
      await runner.query('DROP TRIGGER operations_refuse_delete ON operations')
      await runner.query(`CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations
        FOR EACH ROW EXECUTE FUNCTION refuse_operation_change()`)
      await runner.query('DROP TABLE operation_cut')
      await runner.query('DROP FUNCTION refuse_operation_deletion')
      await runner.query('DROP FUNCTION refuse_earlier_cut')
      return
    }
    await runner.query('DROP TRIGGER operations_refuse_delete')
    await runner.query('DROP TABLE operation_cut')
    await runner.query(`CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations
      BEGIN SELECT RAISE(ABORT, '${refusal}'); END`)
  }

  private async upOnPostgres(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE FUNCTION refuse_operation_deletion() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        IF ${isKept} THEN RAISE EXCEPTION '${refusal}'; END IF;
        RETURN OLD;
      END $$`)
    await runner.query('DROP TRIGGER operations_refuse_delete ON operations')
    await runner.query(`CREATE TRIGGER operations_refuse_delete BEFORE DELETE ON operations
      FOR EACH ROW EXECUTE FUNCTION refuse_operation_deletion()`)
    await runner.query(`CREATE FUNCTION refuse_earlier_cut() RETURNS trigger
      LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.number >= OLD.number THEN RETURN NEW;
        END IF;
        RAISE EXCEPTION '${cutRefusal}';
      END $$`)
    await runner.query(`CREATE TRIGGER operation_cut_refuse_change
      BEFORE UPDATE OR DELETE ON operation_cut
      FOR EACH ROW EXECUTE FUNCTION refuse_earlier_cut()`)
    await runner.query(`CREATE TRIGGER operation_cut_refuse_truncate BEFORE TRUNCATE ON operation_cut
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_earlier_cut()`)
  }
}
