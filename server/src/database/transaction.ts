import type { DataSource } from 'typeorm'
import { CommitOutcomeUnknown, mayBeCommitted } from './commit-outcome-unknown.js'
import type { TransactionWork } from './database.js'
import { type Engine, WritingUnitOfWork } from './unit-of-work.js'

/**
 * Runs the work once between `begin` and COMMIT. If it throws, nothing of it is saved.
 *
 * @throws CommitOutcomeUnknown if the connection broke before COMMIT was answered.
 */
export const runTransaction = async <Result>(
  source: DataSource,
  engine: Engine,
  begin: string,
  work: TransactionWork<Result>,
): Promise<Result> => {
  const runner = source.createQueryRunner()
  const unit = new WritingUnitOfWork(runner.manager, engine)
  let result: Result
  try {
    await runner.query(begin)
    result = await work(unit)
    await runner.query('COMMIT').catch(failure => {
      // SQLite has no connection that could break: its COMMIT either succeeded or failed.
      const unknown = engine === 'postgres' && mayBeCommitted(failure)
      throw unknown ? new CommitOutcomeUnknown(unit, result, failure) : failure
    })
  } catch (failure) {
    // After some errors the engine has already rolled back; then this statement fails.
    await runner.query('ROLLBACK').catch(() => undefined)
    throw failure
  } finally {
    await runner.release()
  }
  unit.committed()
  return result
}
