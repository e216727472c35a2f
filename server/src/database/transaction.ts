import type { DataSource } from 'typeorm'
import type { TransactionWork } from './database.js'
import { CommitOutcomeUnknown, isUnavailable } from './unavailable.js'
import { type Engine, WritingUnitOfWork } from './unit-of-work.js'

/**
 * Runs the work once between `begin` and COMMIT; when it throws, nothing of it is kept.
 *
 * @throws CommitOutcomeUnknown if the connection broke during COMMIT.
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
  let committing = false
  try {
    await runner.query(begin)
    result = await work(unit)
    committing = true
    await runner.query('COMMIT')
  } catch (failure) {
    // After some failures the engine has rolled back by itself; then this one fails.
    await runner.query('ROLLBACK').catch(() => undefined)
    // A SQLite file has no connection that could break.
    if (committing && engine === 'postgres' && isUnavailable(failure)) {
      throw new CommitOutcomeUnknown(failure)
    }
    throw failure
  } finally {
    await runner.release()
  }
  unit.committed()
  return result
}
