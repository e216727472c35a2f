import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The changes of an operation. They cannot be overwritten either, not even once to chain the
 * operation.
 */
export class OperationChanges1764900002000 implements MigrationInterface {
  name = 'OperationChanges1764900002000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE operations ADD COLUMN changes varchar')
    if (runner.connection.options.type !== 'postgres') {
      await runner.query(`
        CREATE TRIGGER operations_refuse_update_of_changes BEFORE UPDATE OF changes ON operations
        BEGIN SELECT RAISE(ABORT, 'Operations are only ever added.'); END`)
      return
    }
    await runner.query(`CREATE FUNCTION refuse_update_of_changes() RETURNS trigger
      LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'Operations are only ever added.'; END $$`)
    await runner.query(`CREATE TRIGGER operations_refuse_update_of_changes
      BEFORE UPDATE OF changes ON operations
      FOR EACH ROW EXECUTE FUNCTION refuse_update_of_changes()`)
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.connection.options.type === 'postgres') {
      await runner.query('DROP TRIGGER operations_refuse_update_of_changes ON operations')
      await runner.query('DROP FUNCTION refuse_update_of_changes')
    } else {
      await runner.query('DROP TRIGGER operations_refuse_update_of_changes')
    }
    await runner.query('ALTER TABLE operations DROP COLUMN changes')
  }
}
